import { PING } from "../protocol/client-frame.ts";
import { BEARER_PREFIX } from "../protocol/subprotocol-name.ts";
import { readFrames } from "./frame-reader.ts";
import type { Endpoint } from "./reached.ts";
import { showReading } from "./sign-of-reading.ts";
import type { Transport, TransportTraits } from "./transport.ts";
import { bytesOf, type WireCodec } from "./wire-codec.ts";

/** Of every channel over a WebSocket. */
export const SOCKET_TRAITS: TransportTraits = {
  name: "websocket",
  // The fewer, the less there is to send again after a cut.
  window: 32,
  silenceMs: 10_000,
};

/** What enters rooms by WebSocket, with the token beside the subprotocol (P2.8). */
export function overSocket({ environment, address }: Endpoint, codec: WireCodec): Transport {
  return {
    open: ({ room, token, cursor, wants }, events) => {
      const url = address.socket(room, cursor, wants);
      const protocols = [codec.subprotocol, BEARER_PREFIX + token];
      const ping = () => socket.send(PING);
      const heard = showReading(ping);
      const socket = environment.openSocket(url, protocols, {
        message: (data) => {
          heard(data);
          const frames = readFrames(codec, data);
          for (const frame of frames) {
            if (frame.type === "mark") {
              socket.send(codec.encode({ type: "read_mark", payload: frame.payload }));
            }
          }
          events.received(frames);
        },
        close: (code) => events.closed(code),
      });
      return {
        traits: SOCKET_TRAITS,
        send: (frame, frameBytes) => {
          const encoded = codec.encode(frame);
          if (bytesOf(encoded) > frameBytes) return "too_large";
          socket.send(encoded);
          return "sent";
        },
        ping,
        probe: ping,
        close: (code, reason) => socket.close(code, reason),
      };
    },
  };
}
