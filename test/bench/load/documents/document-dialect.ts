import type { Entrance } from "../dialect.ts";

/** How a server of Yjs documents is spoken to: the y-websocket wire, or that in an envelope. */
export interface DocumentDialect {
  /** @param index a number of the connection's own; servers with users make it one. */
  entrance(index: number): Entrance;
  /** What stands before every message, both ways. */
  readonly prefix: Uint8Array;
  /** Sent once the socket is open, before anything else. */
  readonly greeting?: Uint8Array;
  /** Where the stock provider finds it, and with what query; without it the provider does not speak to it. */
  readonly stock?: (index: number) => StockEntrance;
}

/** What the stock provider is made with: `new WebsocketProvider(url, room, doc, { params })`. */
export interface StockEntrance {
  readonly url: string;
  readonly room: string;
  readonly params: Readonly<Record<string, string>>;
}

/** Nothing: the wire as it is. */
export const NO_PREFIX = new Uint8Array();
