import WebSocket from "ws";
import * as Y from "yjs";
import { readAwareness, writeShown } from "../../../src/document/awareness-message.ts";
import { readMessage, writeAwareness, writeSyncStep1 } from "../../../src/document/wire.ts";
import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";

/** A client of the y-websocket wire that says only what it is told to, and can die without a word. */
export class RawEditor {
  readonly doc = new Y.Doc();
  /** What others show, by client id; `null` of those that are gone. */
  readonly shown = new Map<number, string | null>();
  isOpen = false;
  readonly #socket: WebSocket;

  constructor(port: number, document: string, userId: string) {
    const token = tokenFor(userId, SECRETS.AUTH_SECRET);
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/v1/documents/${document}?token=${token}`);
    this.#socket.on("error", () => {});
    this.#socket.on("message", (data: Buffer) => this.#hear(new Uint8Array(data)));
    this.#socket.on("open", () => {
      this.isOpen = true;
      this.#socket.send(writeSyncStep1(Y.encodeStateVector(this.doc)));
    });
  }

  /** Shows something, once: whoever asks whether it is there is not answered. */
  show(name: string): void {
    const state = JSON.stringify({ name });
    const shown = [{ client: this.doc.clientID, clock: 1, state }];
    this.#socket.send(writeAwareness(writeShown(shown)));
  }

  /** Is gone, without a close. */
  die(): void {
    this.#socket.terminate();
  }

  #hear(frame: Uint8Array): void {
    const read = readMessage(frame);
    if (!read.ok) throw new Error(read.fault);
    const { message } = read;
    if (message.type === "update" || message.type === "sync_step_2") {
      Y.applyUpdate(this.doc, message.update);
    }
    if (message.type !== "awareness") return;
    const awareness = readAwareness(message.awareness);
    if (!awareness.ok) throw new Error(awareness.fault);
    for (const { client, state } of awareness.shown) this.shown.set(client, state);
  }
}
