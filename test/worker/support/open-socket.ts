import { exports } from "cloudflare:workers";
import { tokenFor } from "./tokens.ts";

/** How a peer connects. */
export interface PeerOptions {
  readonly wire?: "json" | "msgpack" | "plain";
  readonly token?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

/** Opens a WebSocket of the real Worker as somebody, not yet accepted. */
export async function openSocket(
  path: string,
  user: string,
  { wire = "json", token, query = "", headers = {} }: PeerOptions,
): Promise<WebSocket> {
  const jwt = token ?? (await tokenFor(user));
  const offer: Record<string, string> =
    wire === "plain"
      ? { Authorization: `Bearer ${jwt}` }
      : { "Sec-WebSocket-Protocol": `hibiki.v1.${wire}, bearer.${jwt}` };
  const response = await exports.default.fetch(
    new Request(`https://edge.test${path}${query}`, {
      headers: { Upgrade: "websocket", ...offer, ...headers },
    }),
  );
  if (response.webSocket === null) throw new Error(`No socket: ${response.status}`);
  response.webSocket.binaryType = "arraybuffer";
  return response.webSocket;
}
