import { serialize } from "node:v8";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { type Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from "y-protocols/awareness";
import { readSyncMessage, writeSyncStep1, writeUpdate } from "y-protocols/sync";
import { applyUpdate, Doc } from "yjs";
import { KeptDocument } from "../../../../src/document/kept-document.ts";
import { LiveDocument } from "../../../../src/document/live-document.ts";
import { CLOSES } from "../../../../src/protocol/close.ts";
import type { Editor, KeptEditor } from "../../../../src/protocol/document-admission.ts";
import { EDITOR_BOUNDS } from "../../../../src/protocol/editor-limits.ts";
import { DEFAULT_DOCUMENT_LIMITS, type DocumentLimits } from "../../../../src/protocol/settings.ts";
import { SqlDocumentStore } from "../../../../src/storage/sql-document-store.ts";
import { NodeDatabase } from "../../../../src/testing/node-database.ts";

export const T0 = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
/** What the platform lets a socket keep, serialised. */
const KEPT_BYTES = 16_384;

/** A client of a {@link DocumentScene}: a real Y.Doc behind y-protocols. */
export class Peer {
  readonly doc = new Doc();
  readonly frames: Uint8Array[] = [];
  readonly denials: string[] = [];
  closed: number | undefined;
  awareness: Awareness | undefined;
  readonly #say: (frame: Uint8Array) => void;

  constructor(say: (frame: Uint8Array) => void) {
    this.#say = say;
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.update(update);
    });
  }

  get text(): string {
    return this.doc.getText("text").toString();
  }

  type(text: string): void {
    const shared = this.doc.getText("text");
    shared.insert(shared.length, text);
  }

  /** Asks for what it lacks. */
  sync(): void {
    this.say(0, (encoder) => writeSyncStep1(encoder, this.doc));
  }

  update(update: Uint8Array): void {
    this.say(0, (encoder) => writeUpdate(encoder, update));
  }

  say(type: number, write: (encoder: encoding.Encoder) => void): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, type);
    write(encoder);
    this.#say(encoding.toUint8Array(encoder));
  }

  raw(frame: Uint8Array): void {
    this.#say(frame);
  }

  /** Takes a frame as a stock client does, and answers it. */
  take(frame: Uint8Array): void {
    this.frames.push(frame);
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    if (type === 0) {
      const answer = encoding.createEncoder();
      encoding.writeVarUint(answer, 0);
      readSyncMessage(decoder, answer, this.doc, this);
      if (encoding.length(answer) > 1) this.#say(encoding.toUint8Array(answer));
    } else if (type === 1 && this.awareness !== undefined) {
      applyAwarenessUpdate(this.awareness, decoding.readVarUint8Array(decoder), this);
    } else if (type === 2) {
      decoding.readVarUint(decoder);
      this.denials.push(decoding.readVarString(decoder));
    } else if (type === 3) {
      const known = [...(this.awareness?.getStates().keys() ?? [])];
      const shown = this.awareness && encodeAwarenessUpdate(this.awareness, known);
      this.say(1, (encoder) => encoding.writeVarUint8Array(encoder, shown ?? Uint8Array.of(0)));
    }
  }
}

/** A live document on a real SQLite, with peers whose frames go back and forth when time passes. */
export class DocumentScene {
  readonly database = new NodeDatabase();
  readonly failures: string[] = [];
  readonly kept = new Map<string, KeptEditor>();
  /** How often sockets kept something. */
  keeps = 0;
  readonly #limits: DocumentLimits;
  readonly #peers = new Map<string, Peer>();
  readonly #owed: (() => void)[] = [];
  now = T0;
  /** What of it is stored, by which the backend writes. */
  document!: KeptDocument;
  live: LiveDocument;

  constructor(limits: Partial<DocumentLimits> = {}) {
    this.#limits = { ...DEFAULT_DOCUMENT_LIMITS, ...limits };
    this.live = this.#open();
  }

  get store(): SqlDocumentStore {
    return new SqlDocumentStore(this.database, "document:notes");
  }

  /** Somebody comes in. */
  enter(id: string, editor: Partial<Editor> = {}): Peer {
    const peer = new Peer((frame) => this.live.hear(id, bufferOf(frame), this.now));
    this.#peers.set(id, peer);
    this.live.attendance.enter(id, editorOf(id, editor), this.now);
    return peer;
  }

  /** Somebody comes in and is sent the document. */
  join(id: string, editor: Partial<Editor> = {}): Peer {
    const peer = this.enter(id, editor);
    peer.sync();
    this.pass(1_000);
    return peer;
  }

  leave(id: string): void {
    this.live.leave(id, CLOSES.leftRoom, this.now);
  }

  /** What was sent arrives. */
  deliver(): void {
    for (const send of this.#owed.splice(0)) send();
  }

  /** Lets time pass, with the flushes and the alarms that fall into it. */
  pass(ms: number): void {
    const until = this.now + ms;
    for (let turn = 0; turn < 10_000; turn++) {
      this.deliver();
      if ((this.live.wakeAt ?? Number.POSITIVE_INFINITY) <= this.now) this.live.wake(this.now);
      if (!this.live.hasWork) break;
      const dueAt = this.now + this.live.flushDelayMs(this.now);
      if (dueAt > until) break;
      this.now = dueAt;
      this.live.flush(this.now);
    }
    this.now = until;
  }

  /** The object ends and begins anew, with the same sockets and storage; it does not sleep before its work is done. */
  sleep(): void {
    if (this.live.hasWork) this.pass(EDITOR_BOUNDS.aloneGapMs);
    this.live = this.#open();
    for (const [id, kept] of this.kept) this.live.attendance.restore(id, kept, this.now);
  }

  #open(): LiveDocument {
    const failed = (where: string, error: unknown) => this.failures.push(`${where}: ${error}`);
    const document = new KeptDocument(this.store, this.#limits, failed);
    this.document = document;
    return new LiveDocument({
      document,
      limits: this.#limits,
      failed,
      sockets: {
        // What it sends arrives after the turn.
        send: (id, frame) => void this.#owed.push(() => this.#peers.get(id)?.take(frame)),
        keep: (id, kept) => {
          if (serialize(kept).length > KEPT_BYTES) throw new Error("it is too large to be kept");
          this.kept.set(id, structuredClone(kept));
          this.keeps += 1;
        },
        close: (id, { code }) => {
          this.kept.delete(id);
          const peer = this.#peers.get(id);
          if (peer !== undefined) peer.closed = code;
        },
      },
    });
  }
}

/** What an update makes of an empty document. */
export function textOf(...updates: readonly Uint8Array[]): string {
  const doc = new Doc();
  for (const update of updates) applyUpdate(doc, update);
  return doc.getText("text").toString();
}

function editorOf(id: string, editor: Partial<Editor>): Editor {
  const usual = { userId: id, name: id, canWrite: true, address: "192.0.2.1" };
  return { ...usual, expiresAt: T0 + HOUR_MS, ...editor };
}

function bufferOf(frame: Uint8Array): ArrayBuffer {
  return frame.slice().buffer as ArrayBuffer;
}
