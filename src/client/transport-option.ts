import { AutoTransport } from "./auto-transport.ts";
import { RealtimeError } from "./error.ts";
import type { HttpTransportName } from "./http-transports.ts";
import type { TransportParts } from "./reached.ts";
import { OPENING_MS, SocketTransport } from "./socket-transport.ts";
import type { LazyTransport, TransportName, Way } from "./transport.ts";
import { type ClientWire, JSON_CODEC, type WireCodec } from "./wire-codec.ts";

/** One transport, or `auto` for the best that works. */
export type TransportOption = "auto" | TransportName;

/** So many rooms of a client have WebSockets of their own: a direct one is the faster. */
const OWN_SOCKETS = 2;

/**
 * Makes the transport that was asked for. What few need is fetched only when it is used: MessagePack,
 * WebSockets of many rooms, and the ways around a WebSocket that cannot be had.
 *
 * @throws {RealtimeError} `invalid_request` for one that does not exist.
 */
export function transportOf(option: TransportOption, wire: ClientWire, parts: TransportParts): Way {
  switch (option) {
    case "websocket":
      return socket(wire, parts);
    case "sse":
    case "poll":
      return http(option, parts);
    case "auto":
      return new AutoTransport(parts, socket(wire, parts));
    default:
      // An application without types may ask for anything.
      throw RealtimeError.invalid("invalid_request", unknownTransport(option));
  }
}

function socket(wire: ClientWire, parts: TransportParts): Way {
  const { multiplex, rooms } = parts;
  const own = ownSocket(wire, parts);
  const shared = lazy(async () => {
    const { shareSockets } = await import("./shared-transport.ts");
    return shareSockets(parts, await codecOf(wire), own);
  });
  const isShared = () => (multiplex === "auto" ? rooms.size > OWN_SOCKETS : multiplex === "always");
  return { openingMs: OPENING_MS, choose: () => (isShared() ? shared : own) };
}

function ownSocket(wire: ClientWire, { environment, address }: TransportParts): Way {
  if (wire === "json") return new SocketTransport(environment, address, JSON_CODEC);
  return lazy(async () => new SocketTransport(environment, address, await codecOf(wire)));
}

async function codecOf(wire: ClientWire): Promise<WireCodec> {
  return wire === "json" ? JSON_CODEC : (await import("./msgpack-codec.ts")).MSGPACK_CODEC;
}

function http(name: HttpTransportName, parts: TransportParts): LazyTransport {
  return lazy(async () => {
    const { HTTP_TRANSPORTS } = await import("./http-transports.ts");
    return new HTTP_TRANSPORTS[name](parts);
  });
}

/** Every transport takes as long to open, and is made once: rooms may share what it has. */
function lazy(make: LazyTransport["load"]): LazyTransport {
  let made: Promise<Way> | undefined;
  const load = () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
  return { openingMs: OPENING_MS, load };
}

function unknownTransport(option: never): string {
  return `There is no transport "${String(option)}": auto, websocket, sse or poll.`;
}
