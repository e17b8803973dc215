/** The ways around a WebSocket that cannot be had, as one piece to fetch when they are needed. */
export { Lookout } from "./lookout.ts";
export { PollTransport } from "./poll-transport.ts";
export { SseTransport } from "./sse-transport.ts";
