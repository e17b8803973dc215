import type { Message } from "../../../src/protocol/message.ts";
import type { Frame } from "./frame.ts";

/** A message as history shows it, reactions sorted: their order is nobody's promise. */
export interface Shown extends Partial<Message> {
  readonly seq: number;
  readonly deleted?: true;
}

/** What a client folds a room's events together to. Knows the contract and nothing else. */
export class Fold {
  /** `seq` of the last event. */
  head = 0;
  /** Which messageId each message was seen under, by seq. */
  readonly messageIds = new Map<number, string>();
  readonly #messages = new Map<number, Shown>();

  /** Takes an event; a gap or a repeat is a fault and told. */
  take({ type, seq = 0, payload }: Frame): string | undefined {
    if (seq !== this.head + 1) return `after ${this.head} came ${seq}`;
    this.head = seq;
    const target = payload.seq ?? 0;
    const before = this.#messages.get(target);
    if (type === "new_message" || type === "message_edited") {
      if (type === "new_message") this.messageIds.set(seq, payload.messageId ?? "");
      // An edit of what is deleted by now may still be on its way to whoever resumes.
      if (before?.deleted !== true) this.#messages.set(target, shown({ ...payload, seq: target }));
    } else if (type === "message_deleted") {
      this.#messages.set(target, { seq: target, deleted: true });
    } else if (type === "message_reacted" && before !== undefined && before.deleted !== true) {
      const { emoji = "", userId = "", remove = false } = payload;
      const others = (before.reactions?.[emoji] ?? []).filter((id) => id !== userId);
      const users = remove ? others : [...others, userId];
      this.#messages.set(
        target,
        shown({ ...before, reactions: { ...before.reactions, [emoji]: users } }),
      );
    }
    return undefined;
  }

  /** Every message, oldest first. */
  get messages(): readonly Shown[] {
    return [...this.#messages.values()].sort((a, b) => a.seq - b.seq);
  }

  /** A message; `undefined` when there is none at this `seq`. */
  at(seq: number): Shown | undefined {
    return this.#messages.get(seq);
  }
}

/** All of a message, in the one form that is compared. */
export function shown({ deleted, reactions = {}, ...message }: Shown): Shown {
  if (deleted === true) return { seq: message.seq, deleted };
  const kept = Object.entries(reactions)
    .filter(([, users]) => users.length > 0)
    .map(([emoji, users]) => [emoji, [...users].sort()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...message, reactions: Object.fromEntries(kept) };
}
