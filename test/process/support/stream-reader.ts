import { EventSource } from "eventsource";
import { tokenFor } from "./tokens.ts";

/** A frame as these tests look at it. */
export interface Frame {
  readonly type: string;
  readonly seq?: number;
  readonly payload: {
    readonly recovered?: boolean;
    readonly epoch?: string;
    readonly seq?: number;
  };
}

/** A reader of an event stream with the npm package `eventsource`, as its users would write it. */
export class StreamReader {
  /** `seq` of every message, as it came. */
  readonly seqs: number[] = [];
  readonly joined: Frame["payload"][] = [];
  lastEventId = "";
  readonly #source: EventSource;

  private constructor(url: string) {
    this.#source = new EventSource(url);
    this.#source.addEventListener("joined_room", ({ data, lastEventId }) => {
      this.joined.push((JSON.parse(data) as Frame).payload);
      this.lastEventId = lastEventId;
    });
    this.#source.addEventListener("new_message", ({ data, lastEventId }) => {
      this.seqs.push((JSON.parse(data) as Frame).seq ?? 0);
      this.lastEventId = lastEventId;
    });
  }

  /** Opens a stream; `query` beside the token. */
  static async open(server: string, room: string, user: string, query = ""): Promise<StreamReader> {
    const token = await tokenFor(user);
    return new StreamReader(`${server}/v1/rooms/${room}/events?token=${token}${query}`);
  }

  close(): void {
    this.#source.close();
  }
}
