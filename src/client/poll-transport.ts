import type { HeldConnection } from "./held-connection.ts";
import { HttpChannel, type HttpChannelOptions } from "./http-channel.ts";
import { WAIT_SECONDS } from "./poll-group.ts";
import type { TransportParts } from "./reached.ts";
import { SharedPolls } from "./shared-polls.ts";
import type { Channel, ChannelEvents, Transport, TransportTraits, Visit } from "./transport.ts";

const TRAITS: TransportTraits = {
  name: "poll",
  // Requests may overtake each other, and the server takes no more than one frame in each.
  window: 1,
  // The longest poll, and its way.
  silenceMs: (WAIT_SECONDS + 10) * 1_000,
};

/**
 * Enters rooms by long polling, of all at a time, and says by requests what is to be said. What is not
 * stored may be missed between two polls: who came and went, receipts, what was published. Of that, a
 * topic's newest values come with the next poll all the same.
 */
export class PollTransport implements Transport {
  readonly #options: HttpChannelOptions;

  /** @param held what a poll needs to wait for news, where there may be none. */
  constructor({ environment, address, multiplex }: TransportParts, held?: HeldConnection) {
    const { read } = new SharedPolls(multiplex !== "never", held);
    this.#options = { environment, address, traits: TRAITS, read, renews: true };
  }

  open(visit: Visit, events: ChannelEvents): Channel {
    return new HttpChannel(this.#options, visit, events);
  }
}
