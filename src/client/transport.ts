import type { ClientFrame } from "../protocol/client-frame.ts";
import type { Cursor, Wants } from "./address.ts";
import type { IncomingFrame } from "./frame-reader.ts";

/** What became of a frame that was to be sent; `busy` is for one that may be lost, and is. */
export type Sending = "sent" | "no_connection" | "too_large" | "busy";

/** The close code of what ends without a word (RFC 6455 §7.1.5). */
export const NO_WORD = 1006;

/** What is entered, as whom, and from where on. */
export interface Visit {
  readonly room: string;
  readonly token: string;
  /** How far the log was followed before; `undefined` at first. */
  readonly cursor: Cursor | undefined;
  readonly wants: Wants;
}

/** What a channel tells: never from within a call to it, and nothing after `closed`. */
export interface ChannelEvents {
  /** Something came in: its frames, in order, or none for a mere sign of life. */
  received(frames: readonly IncomingFrame[]): void;
  /** It is over, or never came to be; with a close code (P9.2), 1006 when nobody said why. */
  closed(code: number): void;
}

/** How frames reach a room and come back. */
export type TransportName = "websocket" | "sse" | "poll";

/** Whether rooms share one connection; `auto` when there are many. */
export type MultiplexOption = "auto" | "always" | "never";

/** What can be relied on, whatever the channel. */
export interface TransportTraits {
  readonly name: TransportName;
  /** Durable frames that may be unanswered at a time; more than one only where order is kept. */
  readonly window: number;
  /** A living channel gives a sign of life at most this long after a ping, in milliseconds. */
  readonly silenceMs: number;
}

/** A way to a room and back, with frames in both directions. */
export interface Channel {
  /** Settled once a `joined_room` came in. */
  readonly traits: TransportTraits;
  /**
   * Sends one frame; called only after a `joined_room` came in. `too_large` when it is longer than so
   * many bytes: then nothing is sent.
   */
  send(frame: ClientFrame, frameBytes: number): Sending;
  /** Asks the server for a sign of life, where none comes by itself. */
  ping(): void;
  /** Asks for a sign of life that comes at once if anybody is there, whatever that takes. */
  probe(): void;
  /**
   * Ends it, without waiting for the other side to agree.
   *
   * @param code 1000, or 3000 to 4999: browsers allow no other.
   */
  close(code: number, reason: string): void;
}

/** How a channel comes to be: by WebSocket, or by whatever else carries the same frames. */
export interface Transport {
  /**
   * Starts to open one. The first frame it brings is `joined_room`.
   *
   * @throws whatever the platform says to a URL or token that is not well-formed.
   */
  open(visit: Visit, events: ChannelEvents): Channel;
}

/** A transport whose code is fetched when it is used, and asked for again if it could not be had. */
export interface LazyTransport {
  readonly load: () => Promise<Way>;
}

/** One of some transports, as it suits at the moment. */
export interface ChosenTransport {
  readonly choose: () => Way;
}

/** A transport, with its code or without, or whichever suits. */
export type Way = Transport | LazyTransport | ChosenTransport;
