import { FallbackTransport } from "./fallback-transport.ts";
import type { TransportParts } from "./reached.ts";
import type { SharedParts } from "./shared-line.ts";
import { SharedSocket } from "./shared-socket.ts";
import type { Channel, ChannelEvents, Transport, Visit, Way } from "./transport.ts";
import { JSON_CODEC, type WireCodec } from "./wire-codec.ts";

/** Enters rooms over WebSockets that they share: one for most clients, more for more than 32 rooms. */
class SharedTransport implements Transport {
  readonly #parts: SharedParts;
  readonly #sockets = new Set<SharedSocket>();

  constructor(parts: SharedParts) {
    this.#parts = parts;
  }

  open(visit: Visit, events: ChannelEvents): Channel {
    const known = [...this.#sockets].find((socket) => socket.takes(visit));
    return (known ?? this.#begin(visit.token)).enter(visit, events);
  }

  #begin(token: string): SharedSocket {
    const socket = new SharedSocket(this.#parts, token, () => this.#sockets.delete(socket));
    this.#sockets.add(socket);
    return socket;
  }
}

/**
 * Makes what enters rooms over shared WebSockets: a file of its own, because clients of one or two rooms
 * need none. Where the server has none, as one that is older, rooms have their own; whether it has some
 * by now is looked at every now and then.
 */
export async function overShared(parts: TransportParts, own: Way): Promise<Transport> {
  const codec =
    parts.wire === "json" ? JSON_CODEC : (await import("./msgpack-codec.ts")).MSGPACK_CODEC;
  parts.shared ??= sharedTransport(parts, codec, own);
  return parts.shared;
}

function sharedTransport(parts: TransportParts, codec: WireCodec, own: Way): Transport {
  const shared = new SharedTransport({ ...parts, codec });
  const reached = { carries: [0, 0], failingSince: new Map(), start: 0, isProven: false };
  const ways = new FallbackTransport(parts.environment, [shared, own], reached);
  return { open: (...entry) => ways.open(...entry) };
}
