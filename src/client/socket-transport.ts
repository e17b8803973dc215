import { PING } from "../protocol/client-frame.ts";
import { BEARER_PREFIX, JSON_SUBPROTOCOL, MSGPACK_SUBPROTOCOL } from "../protocol/subprotocol.ts";
import type { Address } from "./address.ts";
import type { Environment } from "./environment.ts";
import { type ClientWire, readFrames } from "./frame-reader.ts";
import type { Channel, ChannelEvents, Transport, TransportTraits, Visit } from "./transport.ts";

const SUBPROTOCOLS: Readonly<Record<ClientWire, string>> = {
  json: JSON_SUBPROTOCOL,
  msgpack: MSGPACK_SUBPROTOCOL,
};

const TRAITS: TransportTraits = {
  name: "websocket",
  // The fewer, the less there is to send again after a cut.
  window: 32,
  silenceMs: 10_000,
};

/**
 * In a very busy room a heartbeat by the clock is not enough: the server takes who has been sent
 * tens of MiB without a sign of life for someone who has stopped reading.
 */
const PING_EVERY_BYTES = 4 * 1024 * 1024;

/** Enters rooms by WebSocket, with the token beside the subprotocol (CONTRACT §3). */
export class SocketTransport implements Transport {
  readonly openingMs = 10_000;
  readonly #environment: Environment;
  readonly #address: Address;
  readonly #wire: ClientWire;

  constructor(environment: Environment, address: Address, wire: ClientWire) {
    this.#environment = environment;
    this.#address = address;
    this.#wire = wire;
  }

  open({ room, token, cursor, history }: Visit, events: ChannelEvents): Channel {
    const url = this.#address.socket(room, cursor, history);
    const protocols = [SUBPROTOCOLS[this.#wire], BEARER_PREFIX + token];
    let isGreeted = false;
    let unansweredBytes = 0;
    const socket = this.#environment.openSocket(url, protocols, {
      message: (data) => {
        // workerd completes the server's close at once only with a peer that has sent something;
        // others learn of a kick or a restart 10 s late.
        unansweredBytes += sizeOf(data);
        if (!isGreeted || unansweredBytes >= PING_EVERY_BYTES) {
          socket.send(PING);
          unansweredBytes = 0;
        }
        isGreeted = true;
        events.received(readFrames(this.#wire, data));
      },
      close: (code) => events.closed(code),
    });
    return {
      traits: TRAITS,
      send: (encoded) => socket.send(encoded),
      ping: () => socket.send(PING),
      close: (code, reason) => socket.close(code, reason),
    };
  }
}

function sizeOf(data: unknown): number {
  if (typeof data === "string") return data.length;
  return data instanceof ArrayBuffer ? data.byteLength : 0;
}
