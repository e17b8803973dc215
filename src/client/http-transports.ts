import { FallbackTransport } from "./fallback-transport.ts";
import { HeldConnection } from "./held-connection.ts";
import { PollTransport } from "./poll-transport.ts";
import type { Reached, TransportParts } from "./reached.ts";
import { SseTransport } from "./sse-transport.ts";
import type { Way } from "./transport.ts";

/** The ways around a WebSocket: a file of their own, because most clients never need one. */
export const HTTP_TRANSPORTS = { sse: SseTransport, poll: PollTransport } as const;

/** One of {@link HTTP_TRANSPORTS}. */
export type HttpTransportName = keyof typeof HTTP_TRANSPORTS;

/** What enters rooms by the best of all transports that works. */
export function wholeOf(parts: TransportParts, best: Way, reached: Reached): FallbackTransport {
  const held = new HeldConnection(parts.address.http(""));
  const transports = [best, new SseTransport(parts, held), new PollTransport(parts, held)];
  return new FallbackTransport(parts.environment, transports, reached);
}
