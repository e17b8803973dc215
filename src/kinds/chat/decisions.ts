import { type Refusal, refusal } from "../../protocol/error.ts";
import { iso } from "../../protocol/iso.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { Message, Reactions } from "../../protocol/message.ts";
import { type Actor, auditName } from "../../room/actor.ts";
import type { Command } from "../extension.ts";
import { refuseDeletion, refuseEdit } from "./access.ts";
import type { ChatMemory } from "./chat-memory.ts";
import type { chat } from "./contract.ts";
import { typingNotice } from "./typing.ts";

type Chat<Type extends keyof (typeof chat)["commands"]> = Command<
  typeof chat,
  (typeof chat)["commands"][Type],
  ChatMemory
>;

/** Stores a message and tells it to all; a typist who sends has stopped typing. */
export function sendMessage(command: Chat<"send_message">): Refusal | undefined {
  const { data, messageId, actor, now, memory, tx } = command;
  const denied = unknownReply(data.replyTo, memory);
  if (denied !== undefined) return denied;
  const message: Message = {
    seq: memory.head + 1,
    messageId,
    userId: actor.userId,
    userName: actor.name,
    content: data.content,
    ...(data.replyTo === undefined ? {} : { replyTo: data.replyTo }),
    ...(data.mentions === undefined ? {} : { mentions: data.mentions }),
    ...(data.data === undefined ? {} : { data: data.data }),
    timestamp: iso(now),
  };
  const recipients = recipientsOf(message, actor, memory);
  const told = recipients.size;
  const tooMany = memory.refusesMentions(actor, told, now);
  if (tooMany !== undefined) return tooMany;
  const wasTyping = memory.isTyping(actor.connectionId);
  if (wasTyping) tx.remember(() => memory.setTyping(actor.connectionId, false));
  tx.append("new_message", message, told === 0 || actor.backend === true ? undefined : { told });
  if (wasTyping) tx.tell(typingNotice(actor, false, now));
  if (told === 0) return undefined;
  const { seq, userId, userName } = message;
  for (const [recipient, type] of recipients) {
    const about = { room: memory.name, seq, userId, userName };
    tx.notify(recipient, { type, title: TITLES[type], data: about });
  }
  tx.remember(() => memory.spendMentions(actor, told, now));
  return undefined;
}

/** What a notice is called: no words of its sender, or anybody could speak in the product's voice. */
const TITLES = { mention: "You were mentioned", reply: "You have a reply" } as const;

/**
 * Who else hears of a message: the author it answers, and those it mentions whom the room knows or
 * the backend names; nobody twice, and never its own author. No content goes along: a deletion could
 * not take it back.
 */
function recipientsOf(
  { userId, mentions = [], replyTo }: Message,
  { backend }: Actor,
  memory: ChatMemory,
): ReadonlyMap<string, keyof typeof TITLES> {
  const answered = replyTo === undefined ? undefined : memory.entry(replyTo);
  const recipients = new Map<string, keyof typeof TITLES>();
  if (answered?.kind === "message") recipients.set(answered.message.userId, "reply");
  for (const mentioned of mentions) {
    const isReached = backend === true || recipients.has(mentioned) || memory.knows(mentioned);
    if (isReached) recipients.set(mentioned, "mention");
  }
  recipients.delete(userId);
  return recipients;
}

/** A reply may answer a message that was deleted or trimmed meanwhile, but not what is no message. */
function unknownReply(replyTo: number | undefined, memory: ChatMemory): Refusal | undefined {
  if (replyTo === undefined) return undefined;
  return replyTo > memory.head || memory.entry(replyTo)?.kind === "event"
    ? refusal("not_found", `There is no message ${replyTo} to reply to.`)
    : undefined;
}

const OVEREDITED = refusal(
  "conflict",
  `A message is edited at most ${BOUNDS.editsPerMessage} times. Delete it, or send a new one.`,
);

/** Changes a message's content. */
export function editMessage(command: Chat<"edit_message">): Refusal | undefined {
  const { data, actor, now, memory, tx } = command;
  const { seq, content } = data;
  const found = memory.entry(seq);
  if (found?.kind !== "message") return noMessage(seq);
  const denied = refuseEdit(actor, found.message.userId);
  if (denied !== undefined) return denied;
  if (found.edits >= BOUNDS.editsPerMessage) return OVEREDITED;
  const edited: Message = { ...found.message, content, editedAt: iso(now) };
  const { lastEdit } = found;
  const columns = { target: seq, ...(lastEdit === undefined ? {} : { lastEdit }) };
  tx.rewrite(seq, edited, tx.append("message_edited", edited, columns));
  return undefined;
}

/** Erases a message's content, and that of its edits, from storage. */
export function deleteMessage(command: Chat<"delete_message">): Refusal | undefined {
  const { data, actor, memory, tx } = command;
  const { seq } = data;
  const found = memory.entry(seq);
  if (found?.kind !== "message") return noMessage(seq);
  const author = found.message.userId;
  const denied = refuseDeletion(actor, author);
  if (denied !== undefined) return denied;
  const tombstone = { seq, userId: actor.userId };
  tx.append("message_deleted", tombstone, { target: seq });
  tx.erase(seq, tombstone);
  if (author !== actor.userId) {
    tx.audit({ action: "delete_message", by: auditName(actor), target: author, seq });
  }
  return undefined;
}

/**
 * Adds or takes back a reaction. What changes nothing is no event: it is answered as the reaction that
 * it repeats or, when that is too long ago to be looked for, as the message.
 */
export function react(command: Chat<"react">): Refusal | undefined {
  const { data, actor, memory, tx } = command;
  const { seq, emoji, remove = false } = data;
  const { userId } = actor;
  const found = memory.entry(seq);
  if (found?.kind !== "message") return noMessage(seq);
  const reaction = { seq, emoji, userId, ...(remove && { remove }) };
  const before = found.message.reactions ?? {};
  if (hasReacted(before, emoji, userId) !== remove) {
    // No duplicate: this messageId is new, and is not kept.
    tx.saved({ savedId: memory.reactionEvent(seq, JSON.stringify(reaction)) ?? seq });
    return undefined;
  }
  const reactions = withReaction(before, emoji, userId, remove);
  if (isOverfull(reactions)) {
    return refusal("conflict", "This message has all the reactions it can hold.");
  }
  tx.append("message_reacted", reaction, { target: seq });
  const { reactions: _, ...rest } = found.message;
  tx.rewrite(seq, Object.keys(reactions).length === 0 ? rest : { ...rest, reactions });
  return undefined;
}

function hasReacted(reactions: Reactions, emoji: string, userId: string): boolean {
  // Not by a look-up: an emoji may be the name of something that every object has.
  return Object.entries(reactions).some(([of, users]) => of === emoji && users.includes(userId));
}

function withReaction(
  reactions: Reactions,
  emoji: string,
  userId: string,
  remove: boolean,
): Reactions {
  const all = new Map(Object.entries(reactions));
  const others = (all.get(emoji) ?? []).filter((id) => id !== userId);
  const users = remove ? others : [...others, userId];
  if (users.length === 0) all.delete(emoji);
  else all.set(emoji, users);
  return Object.fromEntries(all);
}

function isOverfull(reactions: Reactions): boolean {
  const people = Object.values(reactions);
  return (
    people.length > BOUNDS.emojiPerMessage ||
    people.reduce((sum, { length }) => sum + length, 0) > BOUNDS.reactionsPerMessage
  );
}

function noMessage(seq: number): Refusal {
  return refusal("not_found", `There is no message ${seq} here, or it was deleted.`);
}

/** Says that someone types. */
export function startTyping({ actor, now, memory, tx }: Chat<"typing_start">): undefined {
  tx.remember(() => memory.setTyping(actor.connectionId, true));
  tx.tell(typingNotice(actor, true, now));
}

/** Says that someone who types does so no more. */
export function stopTyping({ actor, now, memory, tx }: Chat<"typing_end">): undefined {
  if (!memory.isTyping(actor.connectionId)) return;
  tx.remember(() => memory.setTyping(actor.connectionId, false));
  tx.tell(typingNotice(actor, false, now));
}

/** Says how far someone has read. */
export function readMessages({ data, actor, tx }: Chat<"read_messages">): undefined {
  tx.receipt(actor.userId, data.upTo);
}
