import { EventParser } from "../../support/event-parser.ts";
import { call } from "./http.ts";
import type { Seen } from "./peer.ts";
import type { RoomSeen } from "./rooms-peer.ts";
import { tokenFor } from "./tokens.ts";

/** How a stream is opened. */
interface Opening {
  readonly query?: string;
  readonly lastEventId?: string;
  readonly token?: string;
}

/** A reader of an event stream, over the real Worker and the real object. */
export class EventReader {
  readonly response: Response;
  readonly parser = new EventParser();
  ended = false;
  readonly #reader: ReadableStreamDefaultReader<string>;

  private constructor(response: Response, body: ReadableStream<Uint8Array>) {
    this.response = response;
    this.#reader = body.pipeThrough(new TextDecoderStream()).getReader();
    void this.#read();
  }

  /** Opens the stream of one room; throws when it is refused. */
  static open(
    room: string,
    user: string,
    { query = "", ...how }: Opening = {},
  ): Promise<EventReader> {
    return EventReader.#at(`/v1/rooms/${room}/events${query}`, user, how);
  }

  /** Opens one stream of many rooms; throws when it is refused. */
  static ofRooms(
    rooms: readonly string[],
    user: string,
    how: Omit<Opening, "query"> = {},
  ): Promise<EventReader> {
    return EventReader.#at(`/v1/events?rooms=${rooms.join()}`, user, how);
  }

  static async #at(
    path: string,
    user: string,
    { lastEventId, token }: Opening,
  ): Promise<EventReader> {
    const response = await call("GET", path, {
      auth: token ?? (await tokenFor(user)),
      headers: lastEventId === undefined ? {} : { "Last-Event-ID": lastEventId },
    });
    if (response.status !== 200 || response.body === null) {
      throw new Error(`No stream: ${response.status}`);
    }
    const reader = new EventReader(response, response.body);
    await reader.until(() => reader.frames.length > 0);
    return reader;
  }

  get frames(): readonly RoomSeen[] {
    return this.parser.events.map(({ data }) => JSON.parse(data) as RoomSeen);
  }

  /** `seq` of the durable events, in the order they came. */
  get seqs(): readonly number[] {
    return this.frames.flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
  }

  get joined(): Seen["payload"] {
    return this.frames[0]?.payload;
  }

  see(type: string, count = 1): Promise<void> {
    return this.until(() => this.frames.filter((frame) => frame.type === type).length >= count);
  }

  /** Waits for a condition; fails after ten seconds with what was seen. */
  async until(condition: () => boolean): Promise<void> {
    const deadline = performance.now() + 10_000;
    while (!condition()) {
      if (performance.now() > deadline) {
        throw new Error(`Never came; seen: ${this.frames.map(({ type }) => type).join(" ")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Goes away, as a closed tab does. */
  async leave(): Promise<void> {
    await this.#reader.cancel();
  }

  async #read(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) break;
      this.parser.push(value);
    }
    this.ended = true;
  }
}
