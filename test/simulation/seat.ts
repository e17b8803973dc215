import type { RealtimeClient } from "../../src/client/client.ts";
import type { Room } from "../../src/client/room.ts";
import type { PendingFrame } from "../../src/client/room-event.ts";
import type { DurableFrame } from "../../src/protocol/client-frame.ts";
import type { Books, Order } from "./books.ts";
import { BrokenPromise } from "./broken-promise.ts";
import type { Dice } from "./dice.ts";

const EMOJI = ["👍", "🎉", "❤️"] as const;
/** An application that waits for so many answers lets its user wait. */
const PENDING_MAX = 40;

/** What an application keeps of a room over its own end. */
export interface Draft {
  readonly epoch: string | undefined;
  readonly pending: readonly PendingFrame[];
}

/** What a seat needs. */
export interface SeatParts {
  readonly client: RealtimeClient;
  readonly name: string;
  readonly userId: string;
  readonly books: Books;
  readonly dice: Dice;
  /** Whom a message may mention. */
  readonly others: readonly string[];
  readonly fail: (error: unknown) => void;
}

/** One room in one application: what its user does there, and what the SDK tells of it. */
export class Seat {
  readonly name: string;
  readonly room: Room;
  readonly #parts: SeatParts;
  /** As far as the SDK has told the application of the log. */
  #seq: number | undefined;
  #epoch: string | undefined;
  #orders = new Set<Order>();

  /** @param draft what an earlier run of the application left unanswered. */
  constructor(parts: SeatParts, draft: Draft | undefined) {
    const { client, name } = parts;
    this.#parts = parts;
    this.name = name;
    this.room = client.room(name);
    this.#listen();
    if (draft !== undefined) this.#resend(draft);
  }

  /** Whether the room was closed for good: deleted, or this user was sent away. */
  get isClosed(): boolean {
    return this.room.status === "closed";
  }

  /** What the application would have kept if it ended now. */
  get draft(): Draft {
    return { epoch: this.room.epoch, pending: this.room.pending };
  }

  /** The application ends: nobody hears what becomes of what waits. */
  forget(): void {
    for (const order of this.#orders) this.#parts.books.forgotten(order);
    this.#orders.clear();
  }

  /** Its user does something. */
  act(): void {
    const { room } = this;
    if (room.status === "closed" || room.pending.length >= PENDING_MAX) return;
    const { dice } = this.#parts;
    const act = dice.weighted([
      [50, () => this.#send()],
      [10, () => this.#change("edit")],
      [6, () => this.#change("delete")],
      [14, () => this.#react()],
      [10, () => room.read(dice.whole(0, room.seq))],
      [5, () => room.typing(dice.chance(0.7))],
      [
        5,
        () => void room.publish("cursor", { x: dice.whole(0, 9) }, { conflate: dice.chance(0.5) }),
      ],
    ]);
    act?.();
  }

  #send(): void {
    const { dice, others } = this.#parts;
    const messageId = `${this.#parts.userId}~${dice.whole(0, 2 ** 40).toString(36)}`;
    const content = `${messageId} ${dice.chance(0.05) ? "long ".repeat(dice.whole(100, 700)) : ""}`;
    const mentions = dice.chance(0.2) ? others.filter(() => dice.chance(0.4)) : undefined;
    const replyTo = dice.chance(0.1) ? dice.pick(this.room.messages)?.seq : undefined;
    const data = dice.chance(0.1) ? { n: dice.whole(0, 9) } : undefined;
    const timeoutMs = dice.chance(0.03) ? dice.whole(100, 10_000) : undefined;
    this.#say({ content, mentions, replyTo, data }, messageId, { timeoutMs });
  }

  #say(
    payload: Extract<DurableFrame, { readonly type: "send_message" }>["payload"],
    messageId: string,
    {
      sentAt,
      timeoutMs,
    }: { readonly sentAt?: number | undefined; readonly timeoutMs?: number | undefined },
  ): void {
    const { content, mentions, replyTo, data } = payload;
    const order = this.#order({ type: "send_message", messageId, payload });
    this.#settle(
      order,
      this.room.send(content, { mentions, replyTo, data, messageId, sentAt, timeoutMs }),
    );
  }

  #change(what: "edit" | "delete"): void {
    const { dice, userId } = this.#parts;
    // Others' now and then, which is to be refused.
    const isAny = dice.chance(0.1);
    const mine = this.room.messages.filter((message) => isAny || message.userId === userId);
    const seq = dice.pick(mine)?.seq;
    if (seq === undefined) return;
    if (what === "delete") {
      const sent = this.room.delete(seq);
      this.#settle(this.#newest({ type: "delete_message", messageId: "", payload: { seq } }), sent);
    } else {
      const content = `edited ${dice.whole(0, 2 ** 40).toString(36)}`;
      const sent = this.room.edit(seq, content);
      this.#settle(
        this.#newest({ type: "edit_message", messageId: "", payload: { seq, content } }),
        sent,
      );
    }
  }

  #react(): void {
    const { dice } = this.#parts;
    const seq = dice.pick(this.room.messages.slice(-10))?.seq;
    const emoji = dice.pick(EMOJI);
    if (seq === undefined || emoji === undefined) return;
    const remove = dice.chance(0.3);
    const sent = this.room.react(seq, emoji, { remove });
    const payload = { seq, emoji, remove };
    this.#settle(this.#newest({ type: "react", messageId: "", payload }), sent);
  }

  /** The SDK gives these their messageId itself. */
  #newest(frame: DurableFrame): Order {
    const messageId = this.room.pending.at(-1)?.messageId ?? "";
    return this.#order({ ...frame, messageId });
  }

  #order(frame: DurableFrame): Order {
    const order = this.#parts.books.open(this.name, this.#parts.userId, frame);
    this.#orders.add(order);
    return order;
  }

  #settle(order: Order, sent: Promise<{ readonly savedId: number }>): void {
    const { books, fail } = this.#parts;
    const told = (run: () => void) => {
      // Whoever ended meanwhile hears nothing.
      if (!this.#orders.delete(order)) return;
      try {
        run();
      } catch (error) {
        fail(error);
      }
    };
    sent.then(
      (receipt) => told(() => books.acked(order, receipt, this.room.epoch ?? "")),
      (error: unknown) => told(() => books.failed(order, error)),
    );
  }

  /** The application comes back and sends again what it has no answer to, if the log is the same. */
  #resend({ epoch, pending }: Draft): void {
    const stop = this.room.on("joined_room", () => {
      stop();
      for (const frame of pending) {
        const { messageId, content, mentions, data } = frame;
        if (frame.type !== "send_message" || content === undefined) continue;
        const isSame = epoch === this.room.epoch;
        // What it answers, and what was known when it was sent, is of one life of the log alone.
        if (!isSame && (frame.replyTo !== undefined || frame.sentAt !== undefined)) continue;
        const { replyTo, sentAt } = frame;
        this.#say({ content, mentions, replyTo, data }, messageId, { sentAt });
      }
    });
  }

  #listen(): void {
    const { room } = this;
    room.on("joined_room", ({ epoch, seq, recovered }) => {
      const before = this.#seq ?? 0;
      if (!recovered) this.#seq = Math.max(seq, epoch === this.#epoch ? before : 0);
      this.#epoch = epoch;
    });
    const event = (_: unknown, frame: { readonly seq?: number }) => {
      const expected = (this.#seq ?? 0) + 1;
      if (frame.seq !== expected) {
        const { userId, fail } = this.#parts;
        const what = `the SDK told ${userId} in ${this.name} of ${frame.seq} in place of ${expected}`;
        fail(new BrokenPromise(3, what));
      }
      this.#seq = frame.seq;
    };
    room.on("new_message", event);
    room.on("message_edited", event);
    room.on("message_deleted", event);
    room.on("message_reacted", event);
  }
}
