import { exports } from "cloudflare:workers";
import { expect } from "vitest";
import { readAwareness } from "../../../src/document/awareness-message.ts";
import { readMessage, type WireMessage } from "../../../src/document/wire.ts";
import type { Permission } from "../../../src/protocol/grant.ts";
import { tokenFor } from "./tokens.ts";

/** The state vector of who has nothing. */
export const EMPTY_VECTOR = Uint8Array.of(0);

/** A document that no other test has. */
export const name = () => `d-${crypto.randomUUID()}`;

/** A socket to a document over the real Worker. */
export class EditorSocket {
  readonly messages: WireMessage[] = [];
  texts = 0;
  closed: number | undefined;
  readonly #socket: WebSocket;

  constructor(response: Response) {
    const { webSocket } = response;
    if (webSocket === null) throw new Error(`No socket: ${response.status}`);
    this.#socket = webSocket;
    webSocket.binaryType = "arraybuffer";
    webSocket.addEventListener("message", ({ data }) => {
      if (typeof data === "string") this.texts += 1;
      else this.#receive(new Uint8Array(data as ArrayBuffer));
    });
    webSocket.addEventListener("close", ({ code }) => {
      this.closed = code;
    });
    webSocket.accept();
  }

  static async open(document: string, user: string, canWrite = true): Promise<EditorSocket> {
    const permissions: readonly Permission[] = canWrite ? ["read", "write"] : ["read"];
    const rooms = { [`document:${document}`]: permissions };
    const token = await tokenFor(user, { rooms });
    return new EditorSocket(await upgrade(document, { token }));
  }

  get denials(): readonly string[] {
    return this.messages.flatMap((one) => (one.type === "permission_denied" ? one.reason : []));
  }

  /** What it was told of cursors, the newest of each client. */
  get shown(): ReadonlyMap<number, string | null> {
    const shown = new Map<number, string | null>();
    for (const message of this.messages) {
      if (message.type !== "awareness") continue;
      const read = readAwareness(message.awareness);
      if (read.ok) for (const { client, state } of read.shown) shown.set(client, state);
    }
    return shown;
  }

  send(frame: Uint8Array | string): void {
    this.#socket.send(frame);
  }

  close(): void {
    this.#socket.close(1000, "");
  }

  #receive(frame: Uint8Array): void {
    const read = readMessage(frame);
    if (!read.ok) throw new Error(read.fault);
    this.messages.push(read.message);
  }
}

/** Asks for a socket to a document. */
export function upgrade(
  document: string,
  { token = "", headers = {}, protocol }: { token?: string; headers?: object; protocol?: string },
): Promise<Response> {
  const query = token === "" ? "" : `?token=${token}`;
  const named = protocol === undefined ? {} : { "Sec-WebSocket-Protocol": protocol };
  return exports.default.fetch(
    new Request(`https://edge.test/v1/documents/${document}${query}`, {
      headers: { Upgrade: "websocket", ...named, ...headers },
    }),
  );
}

/** Waits until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !isSo(); tries++) await scheduler.wait(10);
  expect(isSo()).toBe(true);
}
