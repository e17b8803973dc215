import { PollTransport } from "./poll-transport.ts";
import { SseTransport } from "./sse-transport.ts";

export { Lookout } from "./lookout.ts";

/** The ways around a WebSocket: a file of their own, because most clients never need one. */
export const HTTP_TRANSPORTS = { sse: SseTransport, poll: PollTransport } as const;

/** One of {@link HTTP_TRANSPORTS}. */
export type HttpTransportName = keyof typeof HTTP_TRANSPORTS;
