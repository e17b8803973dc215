import { CLOSE_CODES } from "../protocol/close-code.ts";
import {
  type Channel,
  type ChannelEvents,
  NO_WORD,
  type Sending,
  type Transport,
  type Visit,
} from "./transport.ts";

/**
 * A transport whose code is fetched when it is first used. What cannot be fetched counts as a way
 * that broke, and is asked for again by the next try.
 */
export class LazyTransport implements Transport {
  readonly openingMs: number;
  readonly #load: () => Promise<Transport>;
  #loaded: Transport | undefined;

  /** @param openingMs as of the transport that it loads. */
  constructor(load: () => Promise<Transport>, openingMs = 10_000) {
    this.#load = load;
    this.openingMs = openingMs;
  }

  open(visit: Visit, events: ChannelEvents): Channel {
    if (this.#loaded !== undefined) return this.#loaded.open(visit, events);
    const loading = this.#load().then((transport) => {
      this.#loaded = transport;
      return transport;
    });
    return new ComingChannel(loading, visit, events);
  }
}

/** A channel whose transport is still on its way. */
class ComingChannel implements Channel {
  readonly #events: ChannelEvents;
  #channel: Channel | undefined;
  #isClosed = false;

  constructor(loading: Promise<Transport>, visit: Visit, events: ChannelEvents) {
    this.#events = events;
    loading
      .then((transport) => {
        if (!this.#isClosed) this.#channel = transport.open(visit, events);
      })
      .catch(() => {
        if (!this.#isClosed) events.closed(NO_WORD);
      });
  }

  get traits() {
    return this.#greeted.traits;
  }

  send(...args: Parameters<Channel["send"]>): Sending {
    return this.#greeted.send(...args);
  }

  ping(): void {
    this.#greeted.ping();
  }

  probe(): void {
    this.#greeted.probe();
  }

  close(code: number, reason: string): void {
    this.#isClosed = true;
    if (this.#channel !== undefined) this.#channel.close(code, reason);
    else queueMicrotask(() => this.#events.closed(CLOSE_CODES.done.code));
  }

  get #greeted(): Channel {
    if (this.#channel === undefined) throw new Error();
    return this.#channel;
  }
}
