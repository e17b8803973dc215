import type { IncomingFrame, JoinedFrame } from "../../src/client/frame-reader.ts";
import type { Message } from "../../src/protocol/message.ts";
import type { Books } from "./books.ts";
import { BrokenPromise } from "./broken-promise.ts";
import type { Ledger } from "./ledger.ts";

/** How long a receipt that was told may take to be in what newcomers are told, in milliseconds. */
const SETTLING_MS = 5_000;

/** What a watch looks things up in. */
export interface WatchParts {
  readonly room: string;
  readonly userId: string;
  readonly query: URLSearchParams;
  /** When its socket was opened, by a clock that nobody sets, milliseconds since the epoch. */
  readonly openedAt: number;
  readonly ledger: Ledger;
  readonly books: Books;
  readonly resumeEvents: number;
}

/**
 * Watches over one connection, frame by frame, before the SDK sees any: the greeting, the order, that
 * nothing comes twice and nothing that is not on disk: promises 1, 3 and 5.
 */
export class WireWatch {
  readonly #parts: WatchParts;
  #epoch: string | undefined;
  #next = 0;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  take(frame: IncomingFrame): void {
    if (frame.type === "malformed" || frame.type === "unknown")
      this.#broken(3, "could not be read");
    else if (frame.type === "joined_room") this.#joined(frame);
    else if (frame.type === "ack") this.#acked(frame.messageId ?? "", frame.payload);
    else if (frame.type === "error" || frame.type === "pong") return;
    else if (this.#epoch === undefined) this.#broken(3, `${frame.type} came before the greeting`);
    else if (frame.seq !== undefined) this.#event(frame.seq, frame.type, frame.payload);
    else if (frame.type === "messages_read") this.#read(frame.payload, frame.timestamp);
  }

  #joined({ payload, timestamp }: JoinedFrame): void {
    const { query, ledger, resumeEvents } = this.#parts;
    const { epoch, seq, recovered, history } = payload;
    if (this.#epoch !== undefined) this.#broken(3, "was greeted twice");
    this.#epoch = epoch;
    const head = ledger.lives.get(epoch)?.toldUpTo ?? 0;
    if (seq > head) this.#broken(5, `was greeted at ${seq}, and ${head} is on disk`);
    const since = query.has("since") ? Number(query.get("since")) : undefined;
    const isSame = since !== undefined && query.get("epoch") === epoch && since <= seq;
    if (recovered && !isSame)
      this.#broken(3, `resumed ${since} of ${query.get("epoch")} in ${epoch}`);
    const isOwed = isSame && seq - (since ?? 0) <= resumeEvents;
    if (isOwed && !recovered) this.#broken(3, `was not resumed from ${since} at ${seq}`);
    this.#next = (recovered ? (since ?? 0) : seq) + 1;
    this.#receipts(payload.reads, Date.parse(timestamp));
    for (const message of history) {
      if ("content" in message) this.#message(message.seq, message);
    }
  }

  #read({ userId, upTo }: { readonly userId: string; readonly upTo: number }, at: string): void {
    const { ledger, openedAt } = this.#parts;
    if (ledger.forgotAt >= openedAt) return;
    const before = ledger.receipts.get(userId);
    if (upTo > (before?.upTo ?? 0)) ledger.receipts.set(userId, { upTo, at: Date.parse(at) });
  }

  /** Receipts only move up, whoever sleeps. */
  #receipts(reads: Readonly<Record<string, number>>, at: number): void {
    const { ledger, openedAt } = this.#parts;
    if (ledger.forgotAt >= openedAt) return;
    for (const [userId, told] of ledger.receipts) {
      if (told.at + SETTLING_MS > at || (reads[userId] ?? 0) >= told.upTo) continue;
      this.#broken("state", `${userId} had read up to ${told.upTo}, and now ${reads[userId]}`);
    }
  }

  #event(seq: number, type: string, payload: unknown): void {
    if (seq !== this.#next) this.#broken(3, `${seq} came where ${this.#next} was expected`);
    this.#next = seq + 1;
    const stored = this.#life()?.at(seq);
    if (stored === undefined) this.#broken(5, `${seq} was shown before it was on disk`);
    else if (![type, stored.type].includes("message_deleted") && type !== stored.type) {
      this.#broken(5, `${seq} was shown as ${type} and is ${stored.type}`);
    }
    if (type === "new_message") this.#message(seq, payload as Message);
    if (type === "message_edited") {
      const { content } = payload as Message;
      const said = { messageId: stored?.messageId ?? "", seq: 0, content };
      if (!this.#parts.books.mayContain("", said, this.#epoch)) {
        this.#broken(5, `${seq} edits to what nobody said`);
      }
    }
  }

  #message(seq: number, { messageId, userId, content }: Message): void {
    const { room, books } = this.#parts;
    const stored = this.#life()?.at(seq);
    if (stored?.messageId !== messageId || stored.userId !== userId) {
      this.#broken(5, `${seq} was shown as ${messageId} and is ${stored?.messageId}`);
    }
    if (!books.mayContain(room, { messageId, seq, content }, this.#epoch)) {
      this.#broken(5, `${seq} says what nobody said`);
    }
  }

  #acked(messageId: string, ack: { readonly success: boolean; readonly savedId?: unknown }): void {
    const { room, userId, books } = this.#parts;
    if (!ack.success || typeof ack.savedId !== "number" || this.#epoch === undefined) return;
    books.requireStored(room, this.#epoch, userId, messageId, ack.savedId);
  }

  #life() {
    return this.#parts.ledger.lives.get(this.#epoch ?? "");
  }

  #broken(promise: 1 | 3 | 5 | "state", what: string): never {
    const { room, userId } = this.#parts;
    throw new BrokenPromise(promise, `${userId} in ${room}: ${what}`);
  }
}
