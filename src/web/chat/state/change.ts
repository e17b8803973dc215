import type { Message, Reactions, ServerFrameOf } from "../../../client/index.ts";
import { type Entry, isDeleted, replaceEntry, type Tombstone } from "./entry.ts";

/** A frame that changes a message written earlier. */
export type ChangeFrame = ServerFrameOf<"message_edited" | "message_deleted" | "message_reacted">;

/** The entries after a change; one about a message that is not at hand changes nothing. */
export function applyChange(entries: readonly Entry[], frame: ChangeFrame): readonly Entry[] {
  return replaceEntry(entries, frame.payload.seq, (entry) =>
    isDeleted(entry) ? entry : changed(entry, frame),
  );
}

function changed(message: Message, frame: ChangeFrame): Entry {
  switch (frame.type) {
    case "message_edited":
      return edited(message, frame.payload);
    case "message_deleted":
      return tombstone(message);
    case "message_reacted":
      return reacted(message, frame.payload);
  }
}

/** Reactions are kept as counted here: each came as an event of its own, in order. */
function edited(message: Message, edit: Message): Message {
  const { reactions: _, ...rest } = edit;
  return message.reactions === undefined ? rest : { ...rest, reactions: message.reactions };
}

function tombstone({ seq, messageId, userId, userName, timestamp }: Message): Tombstone {
  return { seq, deleted: true, messageId, userId, userName, timestamp };
}

function reacted(
  message: Message,
  { emoji, userId, remove }: ServerFrameOf<"message_reacted">["payload"],
): Message {
  const before = new Map(Object.entries(message.reactions ?? {}));
  const others = (before.get(emoji) ?? []).filter((id) => id !== userId);
  const users = remove === true ? others : [...others, userId];
  if (users.length === 0) before.delete(emoji);
  else before.set(emoji, users);
  const reactions: Reactions = Object.fromEntries(before);
  return { ...message, reactions };
}
