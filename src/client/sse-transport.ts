import type { HeldConnection } from "./held-connection.ts";
import { HttpChannel, type HttpChannelOptions } from "./http-channel.ts";
import type { TransportParts } from "./reached.ts";
import { SharedStreams } from "./shared-streams.ts";
import type { Channel, ChannelEvents, Transport, TransportTraits, Visit } from "./transport.ts";

const TRAITS: TransportTraits = {
  name: "sse",
  // Requests may overtake each other, and the server takes no more than one frame in each.
  window: 1,
  // The server sends a comment every 15 s (P7.6).
  silenceMs: 20_000,
};

/** Enters rooms by Server-Sent Events, one stream for all, and says by requests what is to be said. */
export class SseTransport implements Transport {
  readonly #options: HttpChannelOptions;

  /** @param held what a stream needs, where there is another way without one. */
  constructor({ environment, address, multiplex }: TransportParts, held?: HeldConnection) {
    const { read } = new SharedStreams(multiplex !== "never", held);
    this.#options = { environment, address, traits: TRAITS, read, renews: false };
  }

  open(visit: Visit, events: ChannelEvents): Channel {
    return new HttpChannel(this.#options, visit, events);
  }
}
