import type { SentFrame } from "../../../../support/recorded-sockets.ts";
import { change, type DocumentScene, snapshot } from "./document-scene.ts";

/** How a connection of a writer is called: each is another one. */
type ConnectionId = string;

interface Told {
  readonly epoch: string;
  readonly from: number;
  readonly version: number;
  readonly changes: readonly string[];
  readonly snapshot: { readonly version: number; readonly snapshot: readonly string[] } | null;
  readonly success: boolean;
}

/** The simplest client there is: its document is the list of all changes, and what it adds comes last. */
export class ListWriter {
  readonly userId: string;
  /** What is confirmed, in order. */
  list: readonly string[] = [];
  /** What it has typed and not seen again. */
  pending: string[] = [];
  readonly #scene: DocumentScene;
  #connections = 0;
  #read = 0;
  #epoch: string | undefined;
  #id: ConnectionId | undefined;
  #push:
    | { readonly messageId: string; readonly version: number; readonly count: number }
    | undefined;
  #pushes = 0;
  #typed = 0;

  constructor(scene: DocumentScene, userId: string) {
    this.#scene = scene;
    this.userId = userId;
  }

  get isHere(): boolean {
    return this.#id !== undefined;
  }

  get version(): number {
    return this.list.length;
  }

  /** Comes in, from where it stood or, as somebody new, with nothing. */
  join(now: number, anew = false): void {
    this.leave(now);
    this.#connections += 1;
    this.#id = `${this.userId}-${this.#connections}`;
    this.#read = 0;
    if (anew) this.#epoch = undefined;
    const cursor =
      this.#epoch === undefined ? undefined : { epoch: this.#epoch, seq: this.version };
    const session = { userId: this.userId, expiresAt: Number.MAX_SAFE_INTEGER };
    this.#scene.enter(this.#id, session, cursor, now);
  }

  leave(now: number): void {
    if (this.#id !== undefined) this.#scene.room.leave(this.#id, now);
    this.crash();
  }

  /** Its connection is gone with the room. */
  crash(): void {
    this.#id = undefined;
  }

  type(): void {
    this.#typed += 1;
    this.pending.push(`${this.userId}:${this.#typed}`);
  }

  /** Sends what it has typed, or the very same again whose answer it never had. */
  send(now: number): void {
    if (this.#id === undefined || this.pending.length === 0) return;
    if (this.#push === undefined) {
      this.#pushes += 1;
      const messageId = `${this.userId}-${this.#pushes}`;
      this.#push = { messageId, version: this.version, count: this.pending.length };
    }
    const { messageId, version, count } = this.#push;
    this.#scene.hear(this.#id, change(version, this.pending.slice(0, count), messageId), now);
  }

  writeDown(now: number): void {
    if (this.#id === undefined || this.version === 0) return;
    this.#scene.hear(this.#id, snapshot(this.version, [...this.list]), now);
  }

  /** Reads what it was told since the last time. */
  read(): void {
    if (this.#id === undefined) return;
    const frames = this.#scene.sockets.of(this.#id);
    for (const frame of frames.slice(this.#read)) this.#take(frame);
    this.#read = frames.length;
  }

  #take({ type, messageId, payload }: SentFrame): void {
    const told = payload as unknown as Told;
    if (type === "joined_document") this.#greeted(told);
    else if (type === "remote_change") this.#apply(told);
    else if (type === "ack" && messageId === this.#push?.messageId && !told.success) {
      this.#push = undefined;
    }
  }

  #greeted({ epoch, from, snapshot: held }: Told): void {
    if (this.#epoch === undefined || from !== this.version) {
      // What it had typed is on top of nothing that is told any more.
      this.list = held?.snapshot ?? [];
      this.#push = undefined;
    }
    if (this.version !== from) throw new Error(`at ${this.version}, and told what follows ${from}`);
    this.#epoch = epoch;
  }

  #apply({ from, changes }: Told): void {
    if (from > this.version) throw new Error(`at ${this.version}, and told what follows ${from}`);
    for (const one of changes.slice(this.version - from)) {
      this.list = [...this.list, one];
      if (this.pending[0] === one) {
        this.pending.shift();
        this.#push = undefined;
      } else if (this.pending.includes(one)) throw new Error(`${one} came out of turn`);
    }
  }
}
