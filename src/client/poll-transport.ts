import { CLOSE_CODES } from "../protocol/close-code.ts";
import { ProtocolError } from "../protocol/error.ts";
import { iso } from "../protocol/iso.ts";
import { closeCodeFor } from "../protocol/refusal-close.ts";
import type { Cursor } from "./address.ts";
import {
  HttpChannel,
  type HttpChannelOptions,
  type Reading,
  refusalFrame,
} from "./http-channel.ts";
import { pause } from "./pause.ts";
import { greetPoller, polledKind } from "./poll-greeting.ts";
import type { PollPage } from "./poll-page.ts";
import { poll } from "./polling.ts";
import {
  type Channel,
  type ChannelEvents,
  NO_WORD,
  type Transport,
  type TransportTraits,
  type Visit,
} from "./transport.ts";

/** How long a poll waits for news, in seconds: below what proxies allow a request. */
const WAIT_SECONDS = 20;
/** A poll that brought nothing sooner than this did not wait: something on the way cuts it short. */
const HASTY_MS = 1_000;

const TRAITS: TransportTraits = {
  name: "poll",
  // Requests may overtake each other, and the server takes no more than one frame in each.
  window: 1,
  // The longest poll, and its way.
  silenceMs: (WAIT_SECONDS + 10) * 1_000,
};

/**
 * Enters rooms by long polling, and says by requests what is to be said. What is not stored may be
 * missed between two polls: who came and went, receipts, what was published. Of that, a topic's
 * newest values come with the next poll all the same.
 */
export class PollTransport implements Transport {
  readonly openingMs = 10_000;
  readonly #options: HttpChannelOptions;

  constructor(options: Pick<HttpChannelOptions, "environment" | "address">) {
    this.#options = { ...options, traits: TRAITS, read: readPolls, renews: true };
  }

  open(visit: Visit, events: ChannelEvents): Channel {
    return new HttpChannel(this.#options, visit, events);
  }
}

async function readPolls(reading: Reading): Promise<number> {
  try {
    return await pollOn(reading);
  } catch (error) {
    if (!(error instanceof ProtocolError)) return NO_WORD;
    reading.heard([refusalFrame(reading.environment, error.refusal)]);
    return closeCodeFor(error.code);
  }
}

async function pollOn(reading: Reading): Promise<number> {
  const { environment, visit, signal, heard } = reading;
  const kind = polledKind(visit);
  let { frames, cursor, last } = await greetPoller(reading);
  heard(frames);
  while (!signal.aborted) {
    const askedAt = environment.now();
    const page = await pollAs(reading, cursor);
    // Whoever comes back is told what was lost.
    if (!page.recovered) return CLOSE_CODES.restart.code;
    frames = [...page.frames, ...(kind.news?.(page, last, iso(environment.now())) ?? [])];
    heard(frames);
    cursor = page.cursor;
    last = page.last ?? last;
    const isHasty = frames.length === 0 && environment.now() - askedAt < HASTY_MS;
    if (isHasty) await pause(environment, HASTY_MS, signal);
  }
  return CLOSE_CODES.done.code;
}

/** A token may end while a poll waits, and be renewed by then. */
async function pollAs(reading: Reading, cursor: Cursor): Promise<PollPage> {
  const token = reading.token();
  try {
    return await poll(reading, cursor, WAIT_SECONDS);
  } catch (error) {
    const hasEnded = error instanceof ProtocolError && error.code === "token_expired";
    if (hasEnded && reading.token() !== token) return poll(reading, cursor, WAIT_SECONDS);
    throw error;
  }
}
