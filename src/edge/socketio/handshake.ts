import type { Handshake } from "../../socketio/engine-connection.ts";
import { ADDRESS_HEADER, SID_HEADER } from "../hub-api.ts";
import { urlOf } from "../input.ts";

/** Headers of a handshake are kept with its socket, which has 16 KiB for all: so many characters of them. */
const HEADER_CHARS = 8 * 1024;
const URL_CHARS = 4 * 1024;

/** The facts of a request by which a connection begins, as the Worker handed it on. */
export function handshakeOf(request: Request, at: number): Handshake {
  const url = urlOf(request);
  const headers: Record<string, string> = {};
  let chars = 0;
  for (const [name, value] of request.headers) {
    if (name === ADDRESS_HEADER || name === SID_HEADER) continue;
    chars += name.length + value.length;
    if (chars <= HEADER_CHARS) headers[name] = value;
    else chars -= name.length + value.length;
  }
  const path = `${url.pathname}${url.search}`;
  return {
    headers,
    url: path.slice(0, URL_CHARS),
    query: path.length > URL_CHARS ? {} : Object.fromEntries(url.searchParams),
    address: request.headers.get(ADDRESS_HEADER) ?? "unknown",
    secure: url.protocol === "https:",
    at,
  };
}
