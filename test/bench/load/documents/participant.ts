import * as Y from "yjs";
import { MessageSocket } from "../message-socket.ts";
import type { Author } from "./author.ts";
import type { DocumentDialect } from "./document-dialect.ts";
import type { KnownUpdates } from "./known-updates.ts";
import { firstStep, readMessage, secondStep, updateMessage } from "./wire.ts";

const NOTHING = Y.encodeStateAsUpdate(new Y.Doc());
const NO_STATE = Y.encodeStateVector(new Y.Doc());

/** What the participants of one document share. */
export interface Gathering {
  readonly dialect: DocumentDialect;
  readonly updates: KnownUpdates;
  /** Who writes, by the Yjs client. */
  readonly authors: ReadonlyMap<number, Author>;
}

/** How a participant counts. */
export interface ParticipantOptions {
  readonly author?: Author | undefined;
  /** Whether it writes delivery times down. */
  readonly isSampled: boolean;
  /** Whether it keeps every update, for {@link Participant.text}. */
  readonly keeps: boolean;
}

/** One connection to a document: what it has heard of each author, and whether it is one. */
export class Participant {
  readonly author: Author | undefined;
  readonly #gathering: Gathering;
  readonly #options: ParticipantOptions;
  /** Up to which clock it has heard each author, without a gap. */
  readonly #known = new Map<number, number>();
  /** What came behind a gap. */
  readonly #ahead = new Map<number, (readonly [from: number, to: number])[]>();
  readonly #kept: Uint8Array[] = [];
  #socket: MessageSocket | undefined;
  /** Others' edits that it was the first to hear of, in all. */
  delivered = 0;
  latencies: number[] = [];
  /** Told after each message with edits. */
  onEdits: (() => void) | undefined;

  constructor(gathering: Gathering, options: ParticipantOptions) {
    this.#gathering = gathering;
    this.#options = options;
    this.author = options.author;
  }

  get socket(): MessageSocket {
    if (this.#socket === undefined) throw new Error("The participant is not connected.");
    return this.#socket;
  }

  /** Connects and asks for what there is. */
  async join(index: number): Promise<void> {
    const { dialect } = this.#gathering;
    this.#socket = await MessageSocket.open(dialect.entrance(index), (message) =>
      this.#heard(message),
    );
    if (dialect.greeting !== undefined) this.#socket.send(dialect.greeting);
    this.#socket.send(firstStep(dialect.prefix, NO_STATE));
  }

  /** Types one character. */
  type(dueAt: number): void {
    const { author } = this;
    if (author === undefined) throw new Error("The participant only reads.");
    this.socket.send(updateMessage(this.#gathering.dialect.prefix, author.type(dueAt)));
  }

  /** Tells an update as it is. */
  tell(update: Uint8Array): void {
    this.socket.send(updateMessage(this.#gathering.dialect.prefix, update));
  }

  leave(): void {
    this.#socket?.close();
  }

  /** Up to which clock it has heard a client. */
  knownOf(client: number): number {
    return this.#known.get(client) ?? 0;
  }

  /** What the document says by what it was told. */
  text(root: string): string {
    const doc = new Y.Doc();
    for (const update of this.#kept) Y.applyUpdate(doc, update);
    return doc.getText(root).toString();
  }

  #heard(message: Buffer): void {
    const { dialect, updates } = this.#gathering;
    const told = readMessage(message, dialect.prefix);
    if (told.kind === "asks") this.#socket?.send(secondStep(dialect.prefix, NOTHING));
    if (told.kind !== "updates") return;
    if (this.#options.keeps) this.#kept.push(Uint8Array.from(told.update));
    for (const [client, from, to] of updates.stretchesOf(told.update)) this.#take(client, from, to);
    this.onEdits?.();
  }

  #take(client: number, from: number, to: number): void {
    const known = this.knownOf(client);
    if (to <= known) return;
    if (from > known) {
      const ahead = this.#ahead.get(client) ?? [];
      this.#ahead.set(client, [...ahead, [from, to]]);
      return;
    }
    this.#known.set(client, to);
    this.#count(client, known, to);
    const ahead = this.#ahead.get(client);
    if (ahead === undefined) return;
    this.#ahead.delete(client);
    for (const [start, end] of ahead) this.#take(client, start, end);
  }

  #count(client: number, from: number, to: number): void {
    if (client === this.author?.client) return;
    this.delivered += to - from;
    const dueAt = this.#gathering.authors.get(client)?.dueAt;
    if (!this.#options.isSampled || dueAt === undefined) return;
    const now = performance.now();
    for (let clock = from; clock < to; clock++) this.latencies.push(now - (dueAt[clock] ?? now));
  }
}
