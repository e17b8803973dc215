import { FallbackTransport } from "./fallback-transport.ts";
import { HeldConnection } from "./held-connection.ts";
import { PollTransport } from "./poll-transport.ts";
import type { Reached, TransportParts } from "./reached.ts";
import { SseTransport } from "./sse-transport.ts";
import type { Transport, Way } from "./transport.ts";

/** The ways around a WebSocket: a file of their own, because most clients never need one. */
const HTTP_TRANSPORTS = { sse: SseTransport, poll: PollTransport } as const;

/** What enters a client's rooms by one of them, always the same: rooms share what it has. */
export function overHttp(name: keyof typeof HTTP_TRANSPORTS, parts: TransportParts): Transport {
  parts.http ??= new HTTP_TRANSPORTS[name](parts);
  return parts.http;
}

/** What enters rooms where the best of all transports has failed; from now on it is one of all of them. */
export function belowBest(parts: TransportParts, best: Way, reached: Reached): Transport {
  parts.whole ??= wholeOf(parts, best, reached);
  const { whole } = parts;
  return { open: (...entry) => whole.open(...entry, 1) };
}

function wholeOf(parts: TransportParts, best: Way, reached: Reached): FallbackTransport {
  const held = new HeldConnection(parts.address.http(""));
  const transports = [best, new SseTransport(parts, held), new PollTransport(parts, held)];
  return new FallbackTransport(parts.environment, transports, reached);
}
