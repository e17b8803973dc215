import { assertNever } from "../protocol/assert-never.ts";
import type { Address } from "./address.ts";
import type { Environment } from "./environment.ts";
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

/** Makes the transport that was asked for. */
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
      return assertNever(option);
  }
}
