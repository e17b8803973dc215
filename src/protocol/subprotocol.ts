import { MSGPACK_SUBPROTOCOL } from "./msgpack-subprotocol.ts";
import { BEARER_PREFIX, JSON_SUBPROTOCOL } from "./subprotocol-name.ts";

/** How frames look on one connection: chosen by subprotocol, `plain` without one (P3.5, P3.6). */
export type Wire = "json" | "msgpack" | "plain";

/** What the `Sec-WebSocket-Protocol` request header offers (RFC 6455 §4.1). */
export interface Offer {
  readonly wire: Wire;
  /** The name to answer with; absent when none of ours was offered. */
  readonly subprotocol?: string;
  /** The token offered beside it. */
  readonly token?: string;
}

/** Reads the header: the first of our names counts, and the first `bearer.<jwt>`. */
export function parseOffer(header: string | null): Offer {
  const names = (header ?? "").split(",").map((name) => name.trim());
  const subprotocol = names.find(
    (name) => name === JSON_SUBPROTOCOL || name === MSGPACK_SUBPROTOCOL,
  );
  const bearer = names.find((name) => name.startsWith(BEARER_PREFIX));
  return {
    wire: subprotocol === undefined ? "plain" : wireOf(subprotocol),
    ...(subprotocol === undefined ? {} : { subprotocol }),
    ...(bearer === undefined ? {} : { token: bearer.slice(BEARER_PREFIX.length) }),
  };
}

function wireOf(subprotocol: string): Wire {
  return subprotocol === MSGPACK_SUBPROTOCOL ? "msgpack" : "json";
}

/** The name that the answer to an upgrade carries; `undefined` without a subprotocol. */
export function subprotocolOf(wire: Wire): string | undefined {
  switch (wire) {
    case "json":
      return JSON_SUBPROTOCOL;
    case "msgpack":
      return MSGPACK_SUBPROTOCOL;
    case "plain":
      return undefined;
  }
}
