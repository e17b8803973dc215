/** Subprotocol of the y-websocket wire, for clients that bring their token beside it. */
export const YJS_SUBPROTOCOL = "hibiki.yjs.v1";
