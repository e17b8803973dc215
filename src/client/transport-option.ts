import type { Address } from "./address.ts";
import type { Environment } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import { FallbackTransport } from "./fallback-transport.ts";
import type { ClientWire } from "./frame-reader.ts";
import { PollTransport } from "./poll-transport.ts";
import { SocketTransport } from "./socket-transport.ts";
import { SseTransport } from "./sse-transport.ts";
import type { Transport, TransportName } from "./transport.ts";

/** One transport, or `auto` for the best that works. */
export type TransportOption = "auto" | TransportName;

/** What every transport is made of. */
interface TransportParts {
  readonly environment: Environment;
  readonly address: Address;
  readonly wire: ClientWire;
}

/**
 * Makes the transport that was asked for.
 *
 * @throws {RealtimeError} `invalid_request` for one that does not exist.
 */
export function transportOf(option: TransportOption, parts: TransportParts): Transport {
  const { environment, address, wire } = parts;
  switch (option) {
    case "websocket":
      return new SocketTransport(environment, address, wire);
    case "sse":
      return new SseTransport(parts);
    case "poll":
      return new PollTransport(parts);
    case "auto":
      return new FallbackTransport(environment, [
        new SocketTransport(environment, address, wire),
        new SseTransport(parts),
        new PollTransport(parts),
      ]);
    default:
      // An application without types may ask for anything.
      throw RealtimeError.invalid("invalid_request", unknownTransport(option));
  }
}

function unknownTransport(option: never): string {
  return `There is no transport "${String(option)}": auto, websocket, sse or poll.`;
}
