import type { Message, Reactions } from "../protocol/message.ts";
import type { ServerPayloads } from "../protocol/server-frame.ts";

/** Beyond this, the oldest are forgotten: an application that shows more pages through history. */
const KEPT = 200;

/** The newest messages that are known, oldest first. Never changed, only replaced. */
export type Messages = readonly Message[];

/** With one more, the newest. */
export function withMessage(known: Messages, added: Message): Messages {
  return [...known, added].slice(-KEPT);
}

/** With one as it is after an edit. */
export function withEdit(known: Messages, edited: Message): Messages {
  return known.map((one) => (one.seq === edited.seq ? edited : one));
}

/** Without one that was deleted. */
export function withoutMessage(known: Messages, seq: number): Messages {
  return known.filter((one) => one.seq !== seq);
}

/** With a reaction added to one, or taken off. */
export function withReaction(
  known: Messages,
  { seq, emoji, userId, remove }: ServerPayloads["message_reacted"],
): Messages {
  return known.map((one) => {
    if (one.seq !== seq) return one;
    const { reactions = {}, ...rest } = one;
    const byEmoji = new Map(Object.entries(reactions));
    const others = (byEmoji.get(emoji) ?? []).filter((who) => who !== userId);
    const who = remove === true ? others : [...others, userId];
    if (who.length > 0) byEmoji.set(emoji, who);
    else byEmoji.delete(emoji);
    const left: Reactions = Object.fromEntries(byEmoji);
    return byEmoji.size === 0 ? rest : { ...rest, reactions: left };
  });
}
