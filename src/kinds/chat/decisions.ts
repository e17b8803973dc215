import type { DurableFrame } from "../../protocol/client-frame.ts";
import { refusal } from "../../protocol/error.ts";
import { iso } from "../../protocol/iso.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { Message, Reactions } from "../../protocol/message.ts";
import type { DurableType } from "../../protocol/server-frame.ts";
import { type Actor, auditName } from "../../room/actor.ts";
import { accepted, type Decision, type Refused, refused } from "../../room/hooks/decision.ts";
import type { Effect } from "../../room/hooks/effect.ts";
import type { LogEvent, LogMessage } from "../../room/log/log.ts";
import type { Notice } from "../../room/store/notice.ts";
import { refuseDeletion, refuseEdit } from "./access.ts";
import type { ChatChange, ChatView } from "./chat-view.ts";
import { typingNotice } from "./typing.ts";

type Frame<T extends DurableFrame["type"]> = Extract<DurableFrame, { readonly type: T }>;

/** Stores a message and tells it to all; a typist who sends has stopped typing. */
export function sendMessage(
  { messageId, payload }: Frame<"send_message">,
  actor: Actor,
  view: ChatView,
  now: number,
): Decision<ChatChange> {
  const denied = unknownReply(payload.replyTo, view);
  if (denied !== undefined) return refused(denied);
  const seq = view.head + 1;
  const message: Message = {
    seq,
    messageId,
    userId: actor.userId,
    userName: actor.name,
    content: payload.content,
    ...(payload.replyTo === undefined ? {} : { replyTo: payload.replyTo }),
    ...(payload.mentions === undefined ? {} : { mentions: payload.mentions }),
    ...(payload.data === undefined ? {} : { data: payload.data }),
    timestamp: iso(now),
  };
  const notices = noticesOf(message, actor, view);
  const event: LogEvent = {
    ...eventOf("new_message", messageId, actor, view, now, JSON.stringify(message)),
    ...(notices.length === 0 || actor.backend === true ? {} : { told: notices.length }),
  };
  const tooMany = view.refusesMentions(actor, notices.length, now);
  if (tooMany !== undefined) return refused(tooMany);
  const effects: Effect<ChatChange>[] = view.isTyping(actor.connectionId)
    ? [
        typingChange(actor, false),
        { do: "append", event },
        { do: "tell", ...typingNotice(actor, false, now) },
      ]
    : [{ do: "append", event }];
  if (notices.length > 0) effects.push({ do: "notify", notices }, spending(actor, notices.length));
  return accepted(effects, { savedId: seq });
}

/** Counts those whom a message tells against the quota of its sender. */
function spending(actor: Actor, people: number): Effect<ChatChange> {
  return { do: "change", change: { do: "spend", actor, people }, isStored: false };
}

/** What a notice is called: no words of its sender, or anybody could speak in the product's voice. */
const TITLES = { mention: "You were mentioned", reply: "You have a reply" } as const;

/**
 * Who else hears of a message: the author it answers, and those it mentions whom the room knows or
 * the backend names; nobody twice, and never its own author. No content goes along: a deletion could
 * not take it back.
 */
function noticesOf(message: Message, { backend }: Actor, view: ChatView): readonly Notice[] {
  const { seq, userId, userName, mentions = [], replyTo } = message;
  const answered = replyTo === undefined ? undefined : view.entry(replyTo);
  const recipients = new Map<string, keyof typeof TITLES>();
  if (answered?.kind === "message") recipients.set(answered.message.userId, "reply");
  for (const mentioned of mentions) {
    const isReached = backend === true || recipients.has(mentioned) || view.knows(mentioned);
    if (isReached) recipients.set(mentioned, "mention");
  }
  recipients.delete(userId);
  return [...recipients].map(([recipient, type]) => ({
    recipient,
    source: seq,
    // An epoch is random, so no two rooms meet in one key.
    key: `${view.epoch}#${seq}`,
    content: {
      type,
      title: TITLES[type],
      data: { room: view.name, seq, userId, userName },
    },
  }));
}

/** A reply may answer a message that was deleted or trimmed meanwhile, but not what is no message. */
function unknownReply(replyTo: number | undefined, view: ChatView) {
  if (replyTo === undefined) return undefined;
  return replyTo > view.head || view.entry(replyTo)?.kind === "event"
    ? refusal("not_found", `There is no message ${replyTo} to reply to.`)
    : undefined;
}

const OVEREDITED = refusal(
  "conflict",
  `A message is edited at most ${BOUNDS.editsPerMessage} times. Delete it, or send a new one.`,
);

/** Changes a message's content. */
export function editMessage(
  { messageId, payload }: Frame<"edit_message">,
  actor: Actor,
  view: ChatView,
  now: number,
): Decision<ChatChange> {
  const found = findMessage(payload.seq, view);
  if (!found.ok) return found;
  const denied = refuseEdit(actor, found.message.userId);
  if (denied !== undefined) return refused(denied);
  if (found.edits >= BOUNDS.editsPerMessage) return refused(OVEREDITED);
  const edited: Message = { ...found.message, content: payload.content, editedAt: iso(now) };
  const text = JSON.stringify(edited);
  const event: LogEvent = {
    ...eventOf("message_edited", messageId, actor, view, now, text),
    target: payload.seq,
    ...(found.lastEdit === undefined ? {} : { lastEdit: found.lastEdit }),
  };
  return accepted(
    [
      { do: "append", event },
      { do: "rewrite", seq: payload.seq, payload: text, lastEdit: event.seq },
    ],
    { savedId: event.seq },
  );
}

/** Erases a message's content, and that of its edits, from storage. */
export function deleteMessage(
  { messageId, payload: { seq } }: Frame<"delete_message">,
  actor: Actor,
  view: ChatView,
  now: number,
): Decision<ChatChange> {
  const found = findMessage(seq, view);
  if (!found.ok) return found;
  const denied = refuseDeletion(actor, found.message.userId);
  if (denied !== undefined) return refused(denied);
  const tombstone = JSON.stringify({ seq, userId: actor.userId });
  const event = {
    ...eventOf("message_deleted", messageId, actor, view, now, tombstone),
    target: seq,
  };
  const author = found.message.userId;
  const audit: Effect = {
    do: "audit",
    audit: { action: "delete_message", by: auditName(actor), target: author, seq },
  };
  return accepted(
    [
      { do: "append", event },
      { do: "erase", seq, tombstone },
      ...(author === actor.userId ? [] : [audit]),
    ],
    { savedId: event.seq },
  );
}

/**
 * Adds or takes back a reaction. What changes nothing is no event: it is answered as the reaction that
 * it repeats or, when that is too long ago to be looked for, as the message.
 */
export function react(
  { messageId, payload: { seq, emoji, remove = false } }: Frame<"react">,
  actor: Actor,
  view: ChatView,
  now: number,
): Decision<ChatChange> {
  const found = findMessage(seq, view);
  if (!found.ok) return found;
  const payload = JSON.stringify({ seq, emoji, userId: actor.userId, ...(remove && { remove }) });
  const before = found.message.reactions ?? {};
  if (hasReacted(before, emoji, actor.userId) !== remove) {
    // No duplicate: this messageId is new, and is not kept.
    return accepted([], { savedId: view.reactionEvent(seq, payload) ?? seq });
  }
  const reactions = withReaction(before, emoji, actor.userId, remove);
  if (isOverfull(reactions)) {
    return refused(refusal("conflict", "This message has all the reactions it can hold."));
  }
  const event = {
    ...eventOf("message_reacted", messageId, actor, view, now, payload),
    target: seq,
  };
  const { reactions: _, ...rest } = found.message;
  const message: Message = Object.keys(reactions).length === 0 ? rest : { ...rest, reactions };
  return accepted(
    [
      { do: "append", event },
      { do: "rewrite", seq, payload: JSON.stringify(message) },
    ],
    { savedId: event.seq },
  );
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

function findMessage(seq: number, view: ChatView): ({ ok: true } & LogMessage) | Refused {
  const entry = view.entry(seq);
  return entry?.kind === "message"
    ? { ok: true, ...entry }
    : refused(refusal("not_found", `There is no message ${seq} here, or it was deleted.`));
}

function eventOf(
  type: DurableType,
  messageId: string,
  actor: Actor,
  view: ChatView,
  now: number,
  payload: string,
): LogEvent {
  return { seq: view.head + 1, type, at: now, userId: actor.userId, messageId, payload };
}

/** Says that someone types, or does so no more. */
export function setTyping(actor: Actor, typing: boolean, now: number): Decision<ChatChange> {
  return accepted([
    typingChange(actor, typing),
    { do: "tell", ...typingNotice(actor, typing, now) },
  ]);
}

function typingChange({ connectionId }: Actor, typing: boolean): Effect<ChatChange> {
  return { do: "change", change: { do: "typing", connectionId, typing }, isStored: false };
}

/** Says how far someone has read. */
export function readMessages(upTo: number, actor: Actor, view: ChatView): Decision<ChatChange> {
  return accepted([{ do: "receipt", userId: actor.userId, upTo: Math.min(upTo, view.head) }]);
}
