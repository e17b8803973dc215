import { RealtimeError } from "../../src/client/error.ts";
import type { Receipt } from "../../src/client/outbox-entry.ts";
import type { DurableFrame } from "../../src/protocol/client-frame.ts";
import type { Message } from "../../src/protocol/message.ts";
import { BrokenPromise } from "./broken-promise.ts";
import type { Ledger, LoggedLife } from "./ledger.ts";

/** Something that somebody wants stored, and what they were told of it. */
export interface Order {
  readonly room: string;
  readonly userId: string;
  readonly messageId: string;
  readonly frame: DurableFrame;
  fate:
    | { readonly state: "pending" | "unknown" }
    | { readonly state: "acked"; readonly savedId: number; readonly epoch: string }
    | { readonly state: "refused"; readonly code: string };
}

/** What somebody was shown of a message. */
export type Said = Pick<Message, "messageId" | "seq" | "content">;

/** Everything that anybody wanted stored, and what it was told: promises 1, 2 and 4. */
export class Books {
  readonly orders: Order[] = [];
  readonly #byId = new Map<string, Order>();
  readonly #ledger: (room: string) => Ledger;
  readonly #contents = new Map<string, Set<string>>();
  /** Where what came again as something else is a conflict. */
  readonly #conflicts = new Map<string, Set<string>>();

  constructor(ledger: (room: string) => Ledger) {
    this.#ledger = ledger;
  }

  /** Writes down what somebody wants, before they are told anything of it. */
  open(room: string, userId: string, frame: DurableFrame): Order {
    const { messageId } = frame;
    const known = this.#byId.get(messageId);
    if (known !== undefined) {
      known.fate = { state: "pending" };
      return known;
    }
    const order: Order = { room, userId, messageId, frame, fate: { state: "pending" } };
    this.orders.push(order);
    this.#byId.set(messageId, order);
    if (frame.type === "send_message") add(this.#contents, messageId, frame.payload.content);
    if (frame.type === "edit_message") {
      add(this.#contents, messageId, frame.payload.content);
      add(this.#contents, `${room} ${frame.payload.seq}`, frame.payload.content);
    }
    return order;
  }

  /** Somebody was told that it is stored. */
  acked(order: Order, { savedId }: Pick<Receipt, "savedId">, epoch: string): void {
    this.requireStored(order.room, epoch, order.userId, order.messageId, savedId);
    order.fate = { state: "acked", savedId, epoch };
  }

  /** Somebody was told that it is not, or that nobody knows. */
  failed(order: Order, error: unknown): void {
    const isRefused = error instanceof RealtimeError && error.outcome !== "unknown";
    order.fate = isRefused ? { state: "refused", code: error.code } : { state: "unknown" };
    this.#requireRefused(order);
  }

  /** Nobody is left who would be told. */
  forgotten(order: Order): void {
    if (order.fate.state === "pending") order.fate = { state: "unknown" };
  }

  /** It comes again as something else: a conflict in the life that has it, and news in any other. */
  reword(messageId: string, epoch: string, content: string): void {
    add(this.#conflicts, `${messageId} ${content}`, epoch);
  }

  /** Whether a message may say this: what was sent, or an edit of it. */
  mayContain(room: string, message: Said, epoch: string | undefined): boolean {
    const { messageId, seq, content } = message;
    const conflicts = this.#conflicts.get(`${messageId} ${content}`);
    return (
      this.#contents.get(messageId)?.has(content) === true ||
      this.#contents.get(`${room} ${seq}`)?.has(content) === true ||
      (conflicts !== undefined && !conflicts.has(epoch ?? ""))
    );
  }

  /** An `ack` must be of what is on disk, under this key, at this place. */
  requireStored(
    room: string,
    epoch: string,
    userId: string,
    messageId: string,
    savedId: number,
  ): void {
    const life = this.#ledger(room).lives.get(epoch);
    const stored = life?.at(savedId);
    if (stored?.messageId === messageId && stored.userId === userId) return;
    const order = this.#byId.get(messageId);
    if (life !== undefined && order !== undefined && repeats(order, savedId, life)) return;
    const found = stored === undefined ? "nothing" : `${stored.messageId} of ${stored.userId}`;
    throw new BrokenPromise(
      1,
      `${messageId} of ${userId} was acked as ${savedId} in ${room}, where ${found} is`,
    );
  }

  /** Once more, of everything. */
  audit(): void {
    for (const order of this.orders) {
      const { room, userId, messageId, fate } = order;
      if (fate.state === "acked") {
        this.requireStored(room, fate.epoch, userId, messageId, fate.savedId);
      }
      this.#requireRefused(order);
      if (fate.state === "pending") {
        throw new BrokenPromise(
          "liveness",
          `${messageId} of ${userId} in ${room} was never answered`,
        );
      }
    }
    for (const room of new Set(this.orders.map((order) => order.room))) {
      for (const { events } of this.#ledger(room).lives.values()) {
        const phantom = events.find(({ messageId }) => !this.#byId.has(messageId));
        if (phantom !== undefined) {
          throw new BrokenPromise(5, `nobody sent ${phantom.messageId}, which is ${phantom.seq}`);
        }
      }
    }
  }

  #requireRefused({ room, userId, messageId, fate }: Order): void {
    if (fate.state !== "refused") return;
    for (const life of this.#ledger(room).lives.values()) {
      const seq = life.seqOf(userId, messageId);
      if (seq === undefined) continue;
      throw new BrokenPromise(
        4,
        `${messageId} was refused as ${fate.code} and is ${seq} in ${room}`,
      );
    }
  }
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set([value]));
  else known.add(value);
}

/** A reaction that changes nothing is answered as the one that it repeats, or as the message. */
function repeats({ frame, userId }: Order, savedId: number, life: LoggedLife): boolean {
  if (frame.type !== "react") return false;
  const { seq, emoji, remove = false } = frame.payload;
  if (savedId === seq) return true;
  const stored = life.at(savedId);
  if (stored?.type !== "message_reacted") return false;
  const said = JSON.parse(stored.payload);
  return (
    said.seq === seq &&
    said.emoji === emoji &&
    said.userId === userId &&
    (said.remove === true) === remove
  );
}
