import type { ClientFrame } from "../protocol/client-frame.ts";
import { CLOSE_CODES } from "../protocol/close-code.ts";
import { deferred } from "./deferred.ts";
import {
  type Channel,
  type ChannelEvents,
  NO_WORD,
  type Sending,
  type TransportTraits,
  type Visit,
  type Way,
} from "./transport.ts";

/** One channel that can be let go of: once dropped, nothing of it reaches its owner any more. */
export class Link implements Omit<Channel, "close"> {
  readonly #closed = deferred<void>();
  /** `undefined` while the code of its transport is on its way. */
  #channel: Channel | undefined;
  #isDropped = false;

  /**
   * Starts to open it. Code that cannot be fetched counts as a channel that broke.
   *
   * @throws what the transport throws.
   */
  constructor(way: Way, visit: Visit, events: ChannelEvents) {
    this.#open(way, visit, {
      received: (frames) => {
        if (!this.#isDropped) events.received(frames);
      },
      closed: (code) => {
        this.#closed.resolve();
        if (!this.#isDropped) events.closed(code);
      },
    });
  }

  /** Resolves when the channel is closed, dropped or not. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  get traits(): TransportTraits {
    // Read by no one before something came in.
    if (this.#channel === undefined) throw new Error();
    return this.#channel.traits;
  }

  /** Sends on a channel that has been greeted; see {@link Channel.send}. */
  send(frame: ClientFrame, frameBytes: number): Sending {
    return this.#channel?.send(frame, frameBytes) ?? "no_connection";
  }

  /** Asks the server for a sign of life. */
  ping(): void {
    this.#channel?.ping();
  }

  /** Asks for one that comes at once; see {@link Channel.probe}. */
  probe(): void {
    this.#channel?.probe();
  }

  /** Lets go, without waiting for the other side to agree; see {@link Channel.close}. */
  drop(code: number = CLOSE_CODES.comingBack.code, reason = ""): void {
    this.#isDropped = true;
    if (this.#channel === undefined) this.#closed.resolve();
    else this.#channel.close(code, reason);
  }

  #open(way: Way, visit: Visit, events: ChannelEvents): void {
    if ("open" in way) {
      this.#channel = way.open(visit, events);
      return;
    }
    if ("choose" in way) {
      this.#open(way.choose(), visit, events);
      return;
    }
    way
      .load()
      .then((loaded) => {
        if (!this.#isDropped) this.#open(loaded, visit, events);
      })
      .catch((error: unknown) =>
        events.closed(isSyntaxError(error) ? CLOSE_CODES.badFrames.code : NO_WORD),
      );
  }
}

/** Whether the platform takes a URL or a token for not well-formed: so will every other try. */
export function isSyntaxError(error: unknown): boolean {
  return error instanceof Error && error.name === "SyntaxError";
}
