import { readAuthMessage } from "y-protocols/auth";
import { WebsocketProvider } from "y-websocket";
import { WebsocketProvider as WebsocketProvider2 } from "y-websocket-2";
import * as Y from "yjs";
import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";

const AUTH = 2;

/** The stock clients, by the major version of y-websocket. */
export type Stock = 2 | 3;

/** How an editor comes in. */
export interface EditorOptions {
  readonly stock?: Stock;
  /** What its token says beside whose it is. */
  readonly claims?: object;
  /** Its token, in place of a made one. */
  readonly token?: string;
  readonly doc?: Y.Doc;
  /** Whether it connects at once. */
  readonly connect?: boolean;
  /** Whether its token comes as a subprotocol rather than in the address. */
  readonly byProtocol?: boolean;
}

/** A person with a stock y-websocket client, unchanged, in one document. */
export class StockEditor {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  /** What it was told to be refused, and how it was closed, in order. */
  readonly denials: string[] = [];
  framesHeard = 0;
  readonly closes: { readonly code: number; readonly reason: string }[] = [];

  constructor(
    port: number,
    document: string,
    userId: string,
    {
      stock = 3,
      claims = {},
      token,
      doc = new Y.Doc(),
      connect = true,
      byProtocol = false,
    }: EditorOptions = {},
  ) {
    this.doc = doc;
    const jwt = token ?? tokenFor(userId, SECRETS.AUTH_SECRET, claims);
    const credential = byProtocol
      ? { protocols: ["hibiki.yjs.v1", `bearer.${jwt}`] }
      : { params: { token: jwt } };
    const Provider =
      stock === 3 ? WebsocketProvider : (WebsocketProvider2 as unknown as typeof WebsocketProvider);
    const url = `ws://127.0.0.1:${port}/v1/documents`;
    // One process: without this they would hear each other past the server.
    const options = { ...credential, connect, disableBc: true };
    this.provider = new Provider(url, document, doc, options);
    const { denials, provider } = this;
    // As the stock client does it, but for where the words go.
    provider.messageHandlers[AUTH] = (_encoder, decoder) => {
      readAuthMessage(decoder, doc, (_doc: Y.Doc, reason: string) => denials.push(reason));
    };
    this.provider.on("connection-close", (event) => {
      if (event !== null) this.closes.push({ code: event.code, reason: event.reason });
    });
  }

  get text(): Y.Text {
    return this.doc.getText("text");
  }

  get isSynced(): boolean {
    return this.provider.synced;
  }

  /** Names of those whose cursors it sees, itself included, in order. */
  get present(): readonly string[] {
    const states = [...this.provider.awareness.getStates().values()];
    return states.flatMap((state) => state["name"] ?? []).sort();
  }

  type(text: string): void {
    this.text.insert(this.text.length, text);
  }

  show(name: string): void {
    this.provider.awareness.setLocalStateField("name", name);
  }

  /** Comes back over a new socket while the old one hangs. Returns what has the server hear of that one's end. */
  hang(): () => void {
    const { provider } = this;
    const { ws } = provider;
    if (ws !== null) Object.assign(ws, { onmessage: null, onclose: null, onerror: null });
    Object.assign(provider, { ws: null, wsconnected: false });
    provider.connect();
    return () => ws?.close();
  }

  /** Counts from here on the frames that it hears. */
  count(): void {
    this.provider.ws?.addEventListener("message", () => {
      this.framesHeard += 1;
    });
  }

  /** Ends its connection, and stays what it is. */
  leave(): void {
    this.provider.disconnect();
  }

  stop(): void {
    this.provider.destroy();
    this.provider.awareness.destroy();
    this.doc.destroy();
  }
}
