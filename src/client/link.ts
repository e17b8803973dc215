import type { ClientFrame } from "../protocol/client-frame.ts";
import { deferred } from "./deferred.ts";
import type {
  Channel,
  ChannelEvents,
  Sending,
  Transport,
  TransportTraits,
  Visit,
} from "./transport.ts";

/** One channel that can be let go of: once dropped, nothing of it reaches its owner any more. */
export class Link {
  /** Resolves when the channel is closed, dropped or not. */
  readonly closed: Promise<void>;
  readonly #channel: Channel;
  #isDropped = false;

  /**
   * Starts to open it.
   *
   * @throws what the transport throws.
   */
  constructor(transport: Transport, visit: Visit, events: ChannelEvents) {
    const closed = deferred<void>();
    this.closed = closed.promise;
    this.#channel = transport.open(visit, {
      received: (frames) => {
        if (!this.#isDropped) events.received(frames);
      },
      closed: (code) => {
        closed.resolve();
        if (!this.#isDropped) events.closed(code);
      },
    });
  }

  get traits(): TransportTraits {
    return this.#channel.traits;
  }

  /** Sends on a channel that has been greeted; see {@link Channel.send}. */
  send(frame: ClientFrame, frameBytes: number): Sending {
    return this.#channel.send(frame, frameBytes);
  }

  /** Asks the server for a sign of life. */
  ping(): void {
    this.#channel.ping();
  }

  /** Asks for one that comes at once; see {@link Channel.probe}. */
  probe(): void {
    this.#channel.probe();
  }

  /** Lets go, without waiting for the other side to agree; see {@link Channel.close}. */
  drop(code: number, reason: string): void {
    this.#isDropped = true;
    this.#channel.close(code, reason);
  }
}
