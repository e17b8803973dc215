import { decodeMsgpack, encodeMsgpack } from "../protocol/msgpack.ts";
import { MSGPACK_SUBPROTOCOL } from "../protocol/msgpack-subprotocol.ts";
import type { Endpoint } from "./reached.ts";
import { overSocket } from "./socket-transport.ts";
import type { Transport } from "./transport.ts";
import type { WireCodec } from "./wire-codec.ts";

/** MessagePack in binary frames. Fetched only where it is asked for: others need not have the package. */
export const MSGPACK_CODEC: WireCodec = {
  subprotocol: MSGPACK_SUBPROTOCOL,
  encode: encodeMsgpack,
  decode: (data) => {
    if (data instanceof ArrayBuffer) return decodeMsgpack(data);
    throw new TypeError("This wire speaks binary.");
  },
};

/** What enters rooms by WebSockets that speak it. */
export function overMsgpack(server: Endpoint): Transport {
  return overSocket(server, MSGPACK_CODEC);
}
