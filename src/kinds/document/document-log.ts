import { iso } from "../../protocol/iso.ts";
import type { LogShape, ToldEvent } from "../../room/hooks/kind.ts";
import { optionalNumberIn, textIn } from "../../storage/database.ts";

/**
 * How changes lie in the log: an event for each accepted frame, whose `target` is the version that it
 * leads to. That is the `seq` that is told, so a cursor is a version; and it has its sender's messageId,
 * by which the sender finds its own changes among those that it missed.
 */
export const DOCUMENT_LOG: LogShape = {
  frame: changeFrame,
  columns: "target, message_id",
  more(row) {
    const target = optionalNumberIn(row, "target");
    const messageId = textIn(row, "message_id");
    return { messageId, ...(target === undefined ? {} : { target }) };
  },
};

function changeFrame({ seq, target = seq, type, at, messageId, payload }: ToldEvent): string {
  return `{"type":${JSON.stringify(type)},"seq":${target},"messageId":${JSON.stringify(messageId)},"timestamp":"${iso(at)}","payload":${payload}}`;
}
