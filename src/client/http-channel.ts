import type { ClientFrame } from "../protocol/client-frame.ts";
import { CLOSE_CODES } from "../protocol/close-code.ts";
import type { Refusal } from "../protocol/error.ts";
import { iso } from "../protocol/iso.ts";
import { closeCodeFor } from "../protocol/refusal-close.ts";
import type { Address, Cursor } from "./address.ts";
import { EchoFilter } from "./echo-filter.ts";
import type { Environment } from "./environment.ts";
import type { IncomingFrame } from "./frame-reader.ts";
import { HttpSender } from "./http-sender.ts";
import { roomUrl } from "./http-url.ts";
import { expiryMs } from "./token-claims.ts";
import {
  type Channel,
  type ChannelEvents,
  NO_WORD,
  type Sending,
  type TransportTraits,
  type Visit,
} from "./transport.ts";
import { bytesOf } from "./wire-codec.ts";

/** What a reader has to go by. */
export interface Reading {
  readonly environment: Environment;
  readonly address: Address;
  readonly visit: Visit;
  /** As it is now: it may have been renewed. */
  readonly token: () => string;
  readonly signal: AbortSignal;
  /** Frames came in, or a sign of life. */
  readonly heard: (frames: readonly IncomingFrame[]) => void;
}

/** Reads a room until that ends; resolves with a close code, and may reject instead of 1006. */
export type Reader = (reading: Reading) => Promise<number>;

/** What a channel over HTTP is made of. */
export interface HttpChannelOptions {
  readonly environment: Environment;
  readonly address: Address;
  readonly traits: TransportTraits;
  readonly read: Reader;
  /** Whether the reading goes on with a new token; else it ends with the one that it began with. */
  readonly renews: boolean;
}

/** A way to a room over HTTP: one request, or one after the other, to hear; and one for each frame. */
export class HttpChannel implements Channel {
  readonly traits: TransportTraits;
  readonly #options: HttpChannelOptions;
  readonly #visit: Visit;
  readonly #events: ChannelEvents;
  readonly #sender: HttpSender;
  readonly #echoes: EchoFilter;
  /** What is heard now, and what may take its place. */
  #reading: AbortController;
  #fresh: AbortController | undefined;
  #token: string;
  #cursor: Cursor | undefined;
  #isOver = false;

  /** Starts to read. */
  constructor(options: HttpChannelOptions, visit: Visit, events: ChannelEvents) {
    const { environment, address, traits } = options;
    this.traits = traits;
    this.#options = options;
    this.#visit = visit;
    this.#events = events;
    this.#token = visit.token;
    this.#cursor = visit.cursor;
    this.#echoes = new EchoFilter(() => environment.now());
    this.#sender = new HttpSender({
      environment,
      urlOf: (path) => roomUrl(address, visit.room, path),
      token: () => this.#token,
      answered: (frame) => this.#heard([frame]),
      unauthorized: (refusal) => {
        this.#heard([refusalFrame(environment, refusal)]);
        this.#ended(closeCodeFor(refusal.code));
      },
    });
    const reading = new AbortController();
    this.#reading = reading;
    this.#read(reading, visit, (frames) => this.#heard(frames));
  }

  send(frame: ClientFrame, frameBytes: number): Sending {
    if (bytesOf(JSON.stringify(frame)) > frameBytes) return "too_large";
    if (frame.type === "refresh_token") this.#renew(frame.payload.token);
    if (!this.#sender.say(frame)) return "busy";
    this.#echoes.said(frame);
    return "sent";
  }

  /** Nothing: whoever is read gives signs of life by itself. */
  ping(): void {}

  /** Reads anew, beside what is read now, and takes its place as soon as it is greeted. */
  probe(): void {
    if (this.#isOver || this.#cursor === undefined) return;
    this.#fresh?.abort();
    const fresh = new AbortController();
    this.#fresh = fresh;
    let isTaken = false;
    this.#read(fresh, { ...this.#visit, cursor: this.#cursor }, (frames) => {
      if (isTaken) {
        this.#heard(frames);
        return;
      }
      const [greeting] = frames;
      if (greeting?.type !== "joined_room") return;
      isTaken = true;
      this.#replace(fresh);
      // The greeting too: who is here, what was read and a topic's values are not replayed.
      if (greeting.payload.recovered) this.#heard(frames);
      // Whoever comes back is told what was lost.
      else this.#ended(CLOSE_CODES.restart.code);
    });
  }

  close(): void {
    if (this.#isOver) return;
    this.#over();
    // What was said before the goodbye still gets there, as over a socket.
    this.#sender.idle.then(() => this.#events.closed(CLOSE_CODES.done.code));
  }

  #read(by: AbortController, visit: Visit, heard: Reading["heard"]): void {
    const { environment, address, read } = this.#options;
    const { signal } = by;
    const token = () => this.#token;
    const reading: Reading = {
      environment,
      address,
      visit,
      token,
      signal,
      heard: (frames) => {
        if (!signal.aborted) heard(frames);
      },
    };
    read(reading).then(
      (code) => this.#stopped(by, code),
      () => this.#stopped(by, NO_WORD),
    );
  }

  #replace(fresh: AbortController): void {
    this.#reading.abort();
    this.#reading = fresh;
    this.#fresh = undefined;
  }

  /** A reading that was replaced, or only tried, ends nothing. */
  #stopped(by: AbortController, code: number): void {
    if (by === this.#reading) this.#ended(code);
  }

  #renew(token: string): void {
    this.#token = token;
    const { environment, renews } = this.#options;
    const expiresAt = expiryMs(token);
    if (!renews || expiresAt === undefined) return;
    const payload = { expiresAt: iso(expiresAt) };
    const timestamp = iso(environment.now());
    const frame = { type: "token_refreshed", timestamp, payload } as const;
    // Nothing is told from within a call.
    queueMicrotask(() => this.#heard([frame]));
  }

  #heard(frames: readonly IncomingFrame[]): void {
    if (this.#isOver) return;
    for (const frame of frames) this.#follow(frame);
    this.#events.received(frames.filter((frame) => this.#echoes.passes(frame)));
  }

  #follow(frame: IncomingFrame): void {
    if (frame.type === "joined_room" && !frame.payload.recovered) {
      const { seq, epoch } = frame.payload;
      this.#cursor = { seq, epoch };
    }
    if (!("seq" in frame) || frame.seq === undefined || this.#cursor === undefined) return;
    this.#cursor = { seq: Math.max(frame.seq, this.#cursor.seq), epoch: this.#cursor.epoch };
  }

  #ended(code: number): void {
    if (this.#isOver) return;
    this.#over();
    this.#events.closed(code);
  }

  #over(): void {
    this.#isOver = true;
    this.#reading.abort();
    this.#fresh?.abort();
  }
}

/** A refusal as the frame that a WebSocket would bring. */
export function refusalFrame(environment: Environment, payload: Refusal): IncomingFrame {
  return { type: "error", timestamp: iso(environment.now()), payload };
}
