import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { until } from "../../../support/until.ts";
import { ROOT_TEXT } from "./author.ts";
import type { StockEntrance } from "./document-dialect.ts";

const SYNC_TIMEOUT_MS = 30_000;

/** Frames and their bytes, both ways, of all sockets that were made with it. */
export interface Traffic {
  sent: number;
  received: number;
}

/** Somebody with a stock provider of y-websocket, who types and moves a cursor. */
export class StockPerson {
  readonly doc = new Y.Doc();
  readonly #provider: WebsocketProvider;

  constructor({ url, room, params }: StockEntrance, traffic: Traffic) {
    this.#provider = new WebsocketProvider(url, room, this.doc, {
      params: { ...params },
      WebSocketPolyfill: countingSocket(traffic),
      // Or people in one process would talk past the server.
      disableBc: true,
    });
  }

  async synced(): Promise<void> {
    await until(() => this.#provider.synced, SYNC_TIMEOUT_MS);
    if (!this.#provider.synced) throw new Error("A stock provider was not synced.");
  }

  /** Types a character at a place, and moves the cursor there. @param where in 0…1. */
  type(where: number): void {
    const text = this.doc.getText(ROOT_TEXT);
    const at = Math.floor(where * (text.length + 1));
    text.insert(at, "x");
    this.#provider.awareness.setLocalStateField("cursor", { anchor: at, head: at });
  }

  get text(): string {
    return this.doc.getText(ROOT_TEXT).toString();
  }

  /** How many others' cursors it sees. */
  get cursors(): number {
    const states = [...this.#provider.awareness.getStates().values()];
    return states.filter((state) => state["cursor"] !== undefined).length;
  }

  leave(): void {
    this.#provider.destroy();
    // Ends its timers too.
    this.doc.destroy();
  }
}

function countingSocket(traffic: Traffic): typeof globalThis.WebSocket {
  class CountingSocket extends WebSocket {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols);
      this.on("message", () => {
        traffic.received += 1;
      });
    }

    // The provider knows no options and no callback.
    override send(data: Uint8Array): void {
      traffic.sent += 1;
      super.send(data);
    }
  }
  return CountingSocket as unknown as typeof globalThis.WebSocket;
}
