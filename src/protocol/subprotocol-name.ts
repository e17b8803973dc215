/** Subprotocol name of JSON text frames. */
export const JSON_SUBPROTOCOL = "hibiki.v1.json";
/** Prefix of the pretended subprotocol that carries a browser's token. */
export const BEARER_PREFIX = "bearer.";
