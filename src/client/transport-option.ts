import { overBest } from "./auto-transport.ts";
import { RealtimeError } from "./error.ts";
import type { TransportParts } from "./reached.ts";
import { overSocket } from "./socket-transport.ts";
import type { TransportName, Way } from "./transport.ts";
import { JSON_CODEC } from "./wire-codec.ts";

/** One transport, or `auto` for the best that works. */
export type TransportOption = "auto" | TransportName;

/** So many rooms of a client have WebSockets of their own at most: a direct one is the faster. */
const OWN_SOCKETS = { auto: 2, always: 0, never: Number.POSITIVE_INFINITY } as const;

/**
 * Makes the transport that was asked for. What few need is fetched only when it is used: MessagePack,
 * WebSockets of many rooms, and the ways around a WebSocket that cannot be had.
 *
 * @throws {RealtimeError} `invalid_request` for one that does not exist.
 */
export function transportOf(option: TransportOption, parts: TransportParts): Way {
  switch (option) {
    case "websocket":
      return socket(parts);
    case "sse":
    case "poll":
      return { load: async () => (await import("./http-transports.ts")).overHttp(option, parts) };
    case "auto":
      return overBest(parts, socket(parts));
    default:
      // An application without types may ask for anything.
      throw RealtimeError.invalid("invalid_request", unknownTransport(option));
  }
}

function socket(parts: TransportParts): Way {
  const { wire, multiplex, rooms } = parts;
  const own =
    wire === "json"
      ? overSocket(parts, JSON_CODEC)
      : { load: async () => (await import("./msgpack-codec.ts")).overMsgpack(parts) };
  const shared = {
    load: async () => (await import("./shared-transport.ts")).overShared(parts, own),
  };
  const choose = () => (rooms.size > OWN_SOCKETS[multiplex] ? shared : own);
  return { choose };
}

function unknownTransport(option: never): string {
  return `There is no transport "${String(option)}": auto, websocket, sse or poll.`;
}
