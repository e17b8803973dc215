import { ERROR_CODES, type Refusal } from "../../protocol/error.ts";

/** Answers an upgrade with the client's end of a socket. */
export function switchTo(client: WebSocket, subprotocol: string | undefined): Response {
  const headers = subprotocol === undefined ? {} : { "Sec-WebSocket-Protocol": subprotocol };
  return new Response(null, { status: 101, webSocket: client, headers });
}

/** The Worker tells the client: to accept a socket here would count it as one of the host's. */
export function refuseUpgrade(error: Refusal): Response {
  return Response.json(error, { status: ERROR_CODES[error.code].status });
}
