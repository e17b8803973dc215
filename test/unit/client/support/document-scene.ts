import * as Y from "yjs";
import { type ClientOptions, RealtimeClient } from "../../../../src/client/client.ts";
import type { DocumentOptions } from "../../../../src/client/document-event.ts";
import {
  readMessage,
  type WireMessage,
  writeAwareness,
  writeSyncStep1,
  writeSyncStep2,
  writeUpdate,
} from "../../../../src/client/document-wire.ts";
// Fetched when it is needed, which takes real time the first time.
import "../../../../src/client/open-document.ts";
import type { StatusChange } from "../../../../src/client/room-event.ts";
import type { SharedDocument } from "../../../../src/client/shared-document.ts";
import "../../../../src/client/token-renewal.ts";
import { FakeNetwork, type FakeSocket } from "./fake-network.ts";
import { ManualClock, settle } from "./manual-clock.ts";

/** The server's end of a document, in the test's hands. */
export class DocumentServer {
  readonly doc = new Y.Doc();
  /** What it has heard, by type, with the socket's number. */
  readonly heard: { readonly type: WireMessage["type"]; readonly socket: number }[] = [];
  /** Whether it tells what it stores. */
  isTelling = true;
  /** Whether it answers at all. */
  isThere = true;
  /** Whether it stores what it hears. */
  isStoring = true;
  readonly sockets: FakeSocket[] = [];

  /** Takes a socket. */
  take(socket: FakeSocket): void {
    const number = this.sockets.push(socket) - 1;
    socket.onSend = (data) => {
      const message = readMessage(Uint8Array.from(data as Uint8Array).buffer);
      if (message === undefined) throw new Error("The SDK sent what is no message.");
      this.heard.push({ type: message.type, socket: number });
      // As over a network: never from within the call.
      if (this.isThere) queueMicrotask(() => this.#hear(socket, message));
    };
  }

  /** How often a type was heard. */
  count(type: WireMessage["type"]): number {
    return this.heard.filter((one) => one.type === type).length;
  }

  /** Says something over a socket, the last one when none is named. */
  say(frame: Uint8Array, socket = this.sockets.at(-1)): void {
    socket?.raw(Uint8Array.from(frame).buffer);
  }

  /** Refuses. */
  deny(reason: string, socket?: FakeSocket): void {
    const text = new TextEncoder().encode(reason);
    this.say(Uint8Array.of(2, 0, text.length, ...text), socket);
  }

  #hear(socket: FakeSocket, message: WireMessage): void {
    switch (message.type) {
      case "sync_step_1":
        this.say(writeSyncStep2(Y.encodeStateAsUpdate(this.doc, message.vector)), socket);
        this.say(writeSyncStep1(Y.encodeStateVector(this.doc)), socket);
        break;
      case "sync_step_2":
      case "update":
        if (!this.isStoring) return;
        Y.applyUpdate(this.doc, message.update);
        if (this.isTelling) this.say(writeUpdate(message.update), socket);
        break;
      case "awareness":
        this.say(writeAwareness(message.awareness), socket);
    }
  }
}

/** A client that opens a document of such a server. */
export interface DocumentScene {
  readonly clock: ManualClock;
  readonly network: FakeNetwork;
  readonly server: DocumentServer;
  readonly client: RealtimeClient;
  readonly document: SharedDocument;
  readonly statuses: readonly StatusChange[];
}

const scenes: DocumentScene[] = [];

/** Ends all of a test: an `Awareness` has a timer of the platform's. */
export function endScenes(): void {
  for (const { document } of scenes.splice(0)) document.awareness.destroy();
}

/** Somebody types. */
export function write({ document }: Pick<DocumentScene, "document">, text = "x"): void {
  document.doc.getText().insert(0, text);
}

/** What somebody else has typed. */
export function updateOf(text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.getText().insert(0, text);
  return Y.encodeStateAsUpdate(doc);
}

/** Opens a document, and does not connect before the test says so. */
export async function documentScene({
  doc,
  awareness,
  ...options
}: Partial<ClientOptions> & DocumentOptions = {}): Promise<DocumentScene> {
  const clock = new ManualClock();
  const network = new FakeNetwork(clock);
  const server = new DocumentServer();
  network.onOpen = (socket) => server.take(socket);
  const client = new RealtimeClient({
    url: "https://edge.example/base",
    token: "token-1",
    ...options,
    environment: { ...network.environment, ...options.environment },
  });
  const document = await client.document("plan", { doc, awareness });
  const statuses: StatusChange[] = [];
  document.on("status", (change) => statuses.push(change));
  await settle();
  const scene = { clock, network, server, client, document, statuses };
  scenes.push(scene);
  return scene;
}

/** Opens one, and connects. */
export async function openDocumentScene(
  options?: Parameters<typeof documentScene>[0],
): Promise<DocumentScene> {
  const scene = await documentScene(options);
  scene.network.socket.open();
  await settle();
  return scene;
}
