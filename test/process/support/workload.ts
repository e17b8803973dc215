import type { Operation, Person } from "./person.ts";

/** How likely a message mentions somebody, and which share of all operations are messages. */
export interface Mix {
  readonly messages: number;
  readonly mentions: number;
}

/** Looks this far back for a message to react to, edit or delete. */
const RECENT = 60;
/** Share of the messages with data of the application. */
const DATA_SHARE = 0.3;
const EMOJI = ["👍", "🎉", "❤️"] as const;

/**
 * What one person does: messages, replies and mentions, edits and deletions of their own, reactions
 * to anyone's. The same for the same random numbers and the same log.
 */
export function workload(
  random: () => number,
  others: readonly string[],
  mix: Mix,
): (person: Person) => Operation {
  const deleted = new Set<number>();
  let count = 0;
  const pick = <T>(items: readonly T[]): T | undefined =>
    items[Math.floor(random() * items.length)];

  function target(person: Person, isOwn: boolean): number | undefined {
    const { head } = person.fold;
    for (let tries = 0; tries < 10; tries++) {
      const seq = head - Math.floor(random() * Math.min(RECENT, head));
      const message = person.fold.at(seq);
      if (message === undefined || message.deleted === true || deleted.has(seq)) continue;
      if (!isOwn || message.userId === person.userId) return seq;
    }
    return undefined;
  }

  function message(person: Person): Pick<Operation, "type" | "payload"> {
    const content = `${person.userId} says ${count} ${random()}`;
    const mentions = random() < mix.mentions ? [pick(others)] : undefined;
    const replyTo = random() < mix.mentions / 2 ? target(person, false) : undefined;
    const data = random() < DATA_SHARE ? { count, by: [person.userId] } : undefined;
    return { type: "send_message", payload: { content, mentions, replyTo, data } };
  }

  function change(person: Person): Pick<Operation, "type" | "payload"> {
    const kind = pick(["edit_message", "delete_message", "react", "react"] as const) ?? "react";
    const seq = target(person, kind !== "react");
    if (seq === undefined) return message(person);
    if (kind === "edit_message") {
      const content = `${person.userId} edits ${count} ${random()}`;
      return { type: kind, payload: { seq, content } };
    }
    if (kind === "react") {
      return { type: kind, payload: { seq, emoji: pick(EMOJI), remove: random() < 0.3 } };
    }
    deleted.add(seq);
    return { type: kind, payload: { seq } };
  }

  return (person) => {
    count += 1;
    const what = random() < mix.messages ? message(person) : change(person);
    return { messageId: `${person.userId}-${count}`, ...what };
  };
}
