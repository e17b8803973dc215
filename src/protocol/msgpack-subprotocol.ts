/** Subprotocol name of MessagePack binary frames. */
export const MSGPACK_SUBPROTOCOL = "hibiki.v1.msgpack";
