import { PING } from "../protocol/client-frame.ts";
import { BEARER_PREFIX, JSON_SUBPROTOCOL, MSGPACK_SUBPROTOCOL } from "../protocol/subprotocol.ts";
import type { Address } from "./address.ts";
import type { Environment } from "./environment.ts";
import { type ClientWire, readFrames } from "./frame-reader.ts";
import type { Channel, ChannelEvents, Transport, Visit } from "./transport.ts";

const SUBPROTOCOLS: Readonly<Record<ClientWire, string>> = {
  json: JSON_SUBPROTOCOL,
  msgpack: MSGPACK_SUBPROTOCOL,
};

/** Enters rooms by WebSocket, with the token beside the subprotocol (CONTRACT §3). */
export class SocketTransport implements Transport {
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
    const socket = this.#environment.openSocket(url, protocols, {
      message: (data) => events.received(readFrames(this.#wire, data)),
      close: (code) => events.closed(code),
    });
    return {
      send: (encoded) => socket.send(encoded),
      ping: () => socket.send(PING),
      close: (code, reason) => socket.close(code, reason),
    };
  }
}
