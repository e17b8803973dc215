import type { ClientFrame } from "../protocol/client-frame.ts";
import { CLOSE_CODES, closeCodeFor } from "../protocol/close-code.ts";
import { parseMessage } from "../protocol/codec.ts";
import type { Refusal } from "../protocol/error.ts";
import { iso } from "../protocol/iso.ts";
import type { Address } from "./address.ts";
import { EchoFilter } from "./echo-filter.ts";
import type { Environment } from "./environment.ts";
import type { ClientWire, IncomingFrame } from "./frame-reader.ts";
import { HttpSender } from "./http-sender.ts";
import { expiryMs } from "./token-claims.ts";
import type { Channel, ChannelEvents, Encoded, TransportTraits, Visit } from "./transport.ts";

/** The close code of what ends without a word (RFC 6455 §7.1.5). */
export const NO_WORD = 1006;

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
  readonly wire: ClientWire;
  readonly traits: TransportTraits;
  readonly read: Reader;
  /** Whether the reading goes on with a new token; else it ends with the one that it began with. */
  readonly renews: boolean;
}

/** A way to a room over HTTP: one request, or one after the other, to hear; and one for each frame. */
export class HttpChannel implements Channel {
  readonly traits: TransportTraits;
  readonly #wire: ClientWire;
  readonly #renews: boolean;
  readonly #now: () => number;
  readonly #events: ChannelEvents;
  readonly #sender: HttpSender;
  readonly #echoes: EchoFilter;
  readonly #reading = new AbortController();
  #token: string;
  #isOver = false;

  /** Starts to read. */
  constructor(options: HttpChannelOptions, visit: Visit, events: ChannelEvents) {
    const { environment, address, wire, traits, read, renews } = options;
    this.traits = traits;
    this.#renews = renews;
    this.#now = () => environment.now();
    this.#wire = wire;
    this.#events = events;
    this.#token = visit.token;
    this.#echoes = new EchoFilter(this.#now);
    const token = () => this.#token;
    this.#sender = new HttpSender({
      environment,
      urlOf: (path) => address.below(visit.room, path),
      token,
      answered: (frame) => this.#heard([frame]),
      unauthorized: (refusal) => {
        this.#heard([refusalFrame(environment, refusal)]);
        this.#ended(closeCodeFor(refusal.code));
      },
    });
    const { signal } = this.#reading;
    const heard = (frames: readonly IncomingFrame[]) => this.#heard(frames);
    read({ environment, address, visit, token, signal, heard }).then(
      (code) => this.#ended(code),
      () => this.#ended(NO_WORD),
    );
  }

  send(encoded: Encoded): void {
    // The SDK encoded it: nobody else's frame comes this way.
    const frame = parseMessage(this.#wire, encoded) as ClientFrame;
    if (frame.type === "refresh_token") this.#renew(frame.payload.token);
    if (frame.type === "publish") this.#echoes.published(frame.payload);
    this.#sender.say(frame);
  }

  /** Nothing: whoever is read gives signs of life by itself. */
  ping(): void {}

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reading.abort();
    // What was said before the goodbye still gets there, as over a socket.
    this.#sender.idle.then(() => this.#events.closed(CLOSE_CODES.done.code));
  }

  #renew(token: string): void {
    this.#token = token;
    const expiresAt = expiryMs(token);
    if (!this.#renews || expiresAt === undefined) return;
    const payload = { expiresAt: iso(expiresAt) };
    const frame = { type: "token_refreshed", timestamp: iso(this.#now()), payload } as const;
    // Nothing is told from within a call.
    queueMicrotask(() => this.#heard([frame]));
  }

  #heard(frames: readonly IncomingFrame[]): void {
    if (this.#isOver) return;
    this.#events.received(frames.filter((frame) => this.#echoes.passes(frame)));
  }

  #ended(code: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reading.abort();
    this.#events.closed(code);
  }
}

/** A refusal as the frame that a WebSocket would bring. */
export function refusalFrame(environment: Environment, payload: Refusal): IncomingFrame {
  return { type: "error", timestamp: iso(environment.now()), payload };
}
