import { PING } from "../protocol/client-frame.ts";
import { BEARER_PREFIX } from "../protocol/subprotocol-name.ts";
import { readFrames } from "./frame-reader.ts";
import type { Endpoint } from "./reached.ts";
import type { Channel, ChannelEvents, Transport, TransportTraits, Visit } from "./transport.ts";
import { bytesOf, type WireCodec } from "./wire-codec.ts";

/** How long a transport may take to open, in milliseconds. */
export const OPENING_MS = 10_000;

/** Of every channel over a WebSocket. */
export const SOCKET_TRAITS: TransportTraits = {
  name: "websocket",
  // The fewer, the less there is to send again after a cut.
  window: 32,
  silenceMs: 10_000,
};

/**
 * In a very busy room a heartbeat by the clock is not enough: a client that was sent tens of MiB and
 * gave no sign of life has stopped reading, as far as the server can tell.
 */
export const PING_EVERY_BYTES = 256 * 1024;

/** Enters rooms by WebSocket, with the token beside the subprotocol (P2.8). */
export class SocketTransport implements Transport {
  readonly openingMs = OPENING_MS;
  readonly #server: Endpoint;
  readonly #codec: WireCodec;

  constructor(server: Endpoint, codec: WireCodec) {
    this.#server = server;
    this.#codec = codec;
  }

  open({ room, token, cursor, wants }: Visit, events: ChannelEvents): Channel {
    const { environment, address } = this.#server;
    const url = address.socket(room, cursor, wants);
    const protocols = [this.#codec.subprotocol, BEARER_PREFIX + token];
    let isGreeted = false;
    let unansweredBytes = 0;
    const socket = environment.openSocket(url, protocols, {
      message: (data) => {
        // workerd completes the server's close at once only with a peer that has sent something;
        // others learn of a kick or a restart 10 s late (P9.9).
        unansweredBytes += sizeOf(data);
        if (!isGreeted || unansweredBytes >= PING_EVERY_BYTES) {
          socket.send(PING);
          unansweredBytes = 0;
        }
        isGreeted = true;
        const frames = readFrames(this.#codec, data);
        for (const frame of frames) {
          if (frame.type === "mark") {
            socket.send(this.#codec.encode({ type: "read_mark", payload: frame.payload }));
          }
        }
        events.received(frames);
      },
      close: (code) => events.closed(code),
    });
    return {
      traits: SOCKET_TRAITS,
      send: (frame, frameBytes) => {
        const encoded = this.#codec.encode(frame);
        if (bytesOf(encoded) > frameBytes) return "too_large";
        socket.send(encoded);
        return "sent";
      },
      ping: () => socket.send(PING),
      probe: () => socket.send(PING),
      close: (code, reason) => socket.close(code, reason),
    };
  }
}

/** How much came in, in bytes, or UTF-16 units of text. */
export function sizeOf(data: unknown): number {
  if (typeof data === "string") return data.length;
  return data instanceof ArrayBuffer ? data.byteLength : 0;
}
