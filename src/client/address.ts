import { present } from "../protocol/present.ts";
import { RealtimeError } from "./error.ts";

/** How far a client has followed a room's log. */
export interface Cursor {
  readonly seq: number;
  readonly epoch: string;
}

/** What is asked of a room at each way in. */
export interface Wants {
  /** How much of the past a new start brings. */
  readonly history?: number | undefined;
  /**
   * The contract that events can be folded by here, as `<version>.<hash>`, until it turns out that
   * they cannot; else the server folds.
   */
  contract?: string | undefined;
}

/** Which messages a page of history holds: the `limit` ones before, or after, a `seq`. */
export interface PageQuery {
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  /** 1 to 200; 50 when absent. */
  readonly limit?: number | undefined;
}

/** Which notifications a page of an inbox holds: the newest `limit`, or those before a `seq`. */
export interface NotificationQuery {
  readonly before?: number | undefined;
  /** 1 to 200; 50 when absent. */
  readonly limit?: number | undefined;
  /** Only those that are not read yet; `false` when absent. */
  readonly unread?: boolean | undefined;
}

/** What goes after the `?`; what is `undefined` does not. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Scheme, host and path. Not by `URL`: React Native's knows no `host`, and older ones no `canParse`. */
const BASE_URL = /^(?:http|ws)(s?):\/\/([^\s/?#@\\]+[^\s?#\\]*)(?:[?#]|$)/i;

/** Where a server's paths are. */
export class Address {
  readonly #http: string;
  readonly #ws: string;

  /**
   * @param url the server's base URL: http, https, ws or wss, with a path if it is mounted below one.
   * @throws {RealtimeError} `invalid_request` when it is none.
   */
  constructor(url: string) {
    const [, secure = "", place] = BASE_URL.exec(url) ?? [];
    if (place === undefined) {
      throw RealtimeError.invalid(
        "invalid_request",
        "A server's url is absolute: http, https, ws or wss.",
      );
    }
    const rest = `${secure.toLowerCase()}://${place.replace(/\/+$/, "")}/v1/`;
    this.#http = `http${rest}`;
    this.#ws = `ws${rest}`;
  }

  /** Of a room's WebSocket; `cursor` is where to go on from. */
  socket(room: string, cursor: Cursor | undefined, wants: Wants): string {
    const query = { ...wants, since: cursor?.seq, epoch: cursor?.epoch, echo: true };
    return `${this.#ws}rooms/${encodeURIComponent(room)}/ws${search(query)}`;
  }

  /** Of what is asked for over HTTP, below the server's own path. */
  http(path: string, query: Query = {}): string {
    return this.#http + path + search(query);
  }
}

function search(query: Query): string {
  const fields = Object.entries(present(query)).map(
    ([name, value]) => `${name}=${encodeURIComponent(String(value))}`,
  );
  return fields.length === 0 ? "" : `?${fields.join("&")}`;
}
