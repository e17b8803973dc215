import { hasOwn } from "../protocol/has-own.ts";
import type { PresentUser, User } from "../protocol/message.ts";
import { present } from "../protocol/present.ts";
import type { JoinedRoom, ServerFrameOf } from "../protocol/server-frame.ts";
import type { Cursor } from "./address.ts";
import type { LastFrame } from "./frame-reader.ts";
import type { ForwardedType, Reset } from "./room-event.ts";

/** What is known of a room: how far its log was followed, who is there, and who has read what. */
export class RoomView {
  #cursor: Cursor | undefined;
  #joined: JoinedRoom | undefined;
  #users: readonly PresentUser[] = [];
  #reads: Readonly<Record<string, number>> = {};

  /** The last event seen and the life of the log it belongs to; `undefined` before the first join. */
  get cursor(): Cursor | undefined {
    return this.#cursor;
  }

  /** The last `joined_room`. */
  get joined(): JoinedRoom | undefined {
    return this.#joined;
  }

  /** What a `joined_room` of this moment would say; `undefined` before the first. */
  get snapshot(): JoinedRoom | undefined {
    if (this.#joined === undefined) return undefined;
    const seq = this.#cursor?.seq ?? this.#joined.seq;
    // Its history is whole, whatever the last greeting's was.
    const recovered = false;
    return { ...this.#joined, seq, users: this.#users, reads: this.#reads, recovered };
  }

  /** Who is here, with what each shows. */
  get users(): readonly PresentUser[] {
    return this.#users;
  }

  get reads(): Readonly<Record<string, number>> {
    return this.#reads;
  }

  /** Whether events that were missed are still to come after a join that recovered them. */
  get isCatchingUp(): boolean {
    return (this.#cursor?.seq ?? 0) < (this.#joined?.seq ?? 0);
  }

  /** A connection was greeted. Says whether the thread was lost since the one before. */
  join(joined: JoinedRoom): Reset | undefined {
    const before = this.#cursor;
    // A log that was imported has another epoch, and yet takes up the cursors that it goes on from.
    const isRecovered = before !== undefined && joined.recovered;
    const isSameLife = isRecovered || before?.epoch === joined.epoch;
    // Never backwards within one life of the log: what was seen is not to be seen again.
    const seq = isRecovered ? before.seq : Math.max(joined.seq, isSameLife ? before.seq : 0);
    this.#cursor = { seq, epoch: joined.epoch };
    this.#joined = joined;
    this.#users = joined.users;
    this.#reads = isSameLife ? furthest(this.#reads, joined.reads) : joined.reads;
    if (before === undefined || isRecovered) return undefined;
    return { reason: isSameLife ? "gap" : "epoch" };
  }

  /** Takes note of an event of the log; `false` when it was seen before. */
  admit(seq: number): boolean {
    if (this.#cursor === undefined || seq <= this.#cursor.seq) return false;
    this.#cursor = { seq, epoch: this.#cursor.epoch };
    return true;
  }

  /** Takes note of who came, went, shows something or read. */
  learn(frame: ServerFrameOf<ForwardedType> | LastFrame): void {
    switch (frame.type) {
      case "user_joined":
        this.#users = [...this.#without(frame.payload), frame.payload];
        break;
      case "user_left":
        this.#users = this.#without(frame.payload);
        break;
      case "user_updated": {
        const { userId, data } = frame.payload;
        this.#users = this.#users.map((user) =>
          user.userId === userId ? present({ ...user, data: data ?? undefined }) : user,
        );
        break;
      }
      case "messages_read": {
        const { userId, upTo } = frame.payload;
        this.#reads = { ...this.#reads, [userId]: Math.max(this.readOf(userId), upTo) };
        break;
      }
    }
  }

  /** How far someone has read; 0 when nothing is known of it. */
  readOf(userId: string): number {
    return (hasOwn(this.#reads, userId) ? this.#reads[userId] : undefined) ?? 0;
  }

  #without({ userId }: User): readonly PresentUser[] {
    return this.#users.filter((user) => user.userId !== userId);
  }
}

/** Receipts only ever move up, and who greets may not know them all. */
function furthest(
  known: Readonly<Record<string, number>>,
  told: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const reads = new Map(Object.entries(known));
  for (const [userId, upTo] of Object.entries(told)) {
    reads.set(userId, Math.max(upTo, reads.get(userId) ?? 0));
  }
  return Object.fromEntries(reads);
}
