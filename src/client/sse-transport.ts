import { closeCodeFor } from "../protocol/refusal-close.ts";
import { EventParser } from "./event-parser.ts";
import { type IncomingFrame, readFrames } from "./frame-reader.ts";
import { refusalIn } from "./http.ts";
import {
  HttpChannel,
  type HttpChannelOptions,
  type Reading,
  refusalFrame,
} from "./http-channel.ts";
import { eventsUrl } from "./http-url.ts";
import {
  type Channel,
  type ChannelEvents,
  NO_WORD,
  type Transport,
  type TransportTraits,
  type Visit,
} from "./transport.ts";
import { JSON_CODEC } from "./wire-codec.ts";

const TRAITS: TransportTraits = {
  name: "sse",
  // Requests may overtake each other, and the server takes no more than one frame in each.
  window: 1,
  // The server sends a comment every 15 s (P7.6).
  silenceMs: 20_000,
};

/**
 * Enters rooms by Server-Sent Events, and says by requests what is to be said. Read with `fetch` and
 * not `EventSource`, which cannot send the token as a header, nor tell why it was refused.
 */
export class SseTransport implements Transport {
  readonly openingMs = 10_000;
  readonly #options: HttpChannelOptions;

  constructor(options: Pick<HttpChannelOptions, "environment" | "address">) {
    this.#options = { ...options, traits: TRAITS, read: readEvents, renews: false };
  }

  open(visit: Visit, events: ChannelEvents): Channel {
    return new HttpChannel(this.#options, visit, events);
  }
}

async function readEvents({
  environment,
  address,
  visit,
  token,
  signal,
  heard,
}: Reading): Promise<number> {
  const { room, cursor, wants } = visit;
  const response = await environment.fetch(eventsUrl(address, room, cursor, wants), {
    method: "GET",
    headers: { authorization: `Bearer ${token()}`, accept: "text/event-stream" },
    signal,
  });
  if (response.status !== 200) {
    const refusal = refusalIn(await response.json());
    if (refusal === undefined) return NO_WORD;
    heard([refusalFrame(environment, refusal)]);
    return closeCodeFor(refusal.code);
  }
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  if (isStream !== true || response.body == null) return NO_WORD;
  const reader = response.body.getReader();
  // The parser takes off the mark at the beginning, and only that one.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const parser = new EventParser();
  let lastWord: IncomingFrame | undefined;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return codeOf(lastWord);
    const events = parser.push(decoder.decode(value, { stream: true }));
    const frames = events.flatMap(({ data }) => readFrames(JSON_CODEC, data));
    lastWord = frames.at(-1) ?? lastWord;
    heard(frames);
  }
}

/** A stream ends without a close code: an error as its last word says why. */
function codeOf(lastWord: IncomingFrame | undefined): number {
  return lastWord?.type === "error" ? (closeCodeFor(lastWord.payload.code) ?? NO_WORD) : NO_WORD;
}
