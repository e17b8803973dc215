import { assertNever } from "../protocol/assert-never.ts";
import type { ClientFrame, DurableFrame } from "../protocol/client-frame.ts";
import { CLOSE_CODES } from "../protocol/close-code.ts";
import { EncodedFrame } from "../protocol/encoded-frame.ts";
import { missing } from "../protocol/grant.ts";
import { iso } from "../protocol/iso.ts";
import type { Actor } from "./actor.ts";
import { accepted, type Decision, type RoomView, refused } from "./decision.ts";
import type { Effect } from "./effect.ts";
import { deleteMessage, editMessage, react, sendMessage } from "./kinds/chat.ts";
import { type Notify, notify, readNotifications } from "./kinds/inbox.ts";
import { publish } from "./publish.ts";
import { typingNotice } from "./typing.ts";

/**
 * The frames that a room decides, those included that no client can say. Renewing a token needs a
 * key, and is the object's to do.
 */
export type RoomFrame = Exclude<ClientFrame, { readonly type: "refresh_token" }> | Notify;

/**
 * Decides what a checked frame does.
 *
 * @param now when it was accepted, milliseconds since the epoch.
 */
export function decide(frame: RoomFrame, actor: Actor, view: RoomView, now: number): Decision {
  switch (frame.type) {
    case "send_message":
    case "edit_message":
    case "delete_message":
    case "react":
    case "notify":
      return decideOnce(frame, actor, view, now);
    case "typing_start":
      return type(actor, true, now);
    case "typing_end":
      return view.isTyping(actor.connectionId) ? type(actor, false, now) : accepted([]);
    case "read_messages":
      return read(frame.payload.upTo, actor, view);
    case "publish":
      return publish(frame.payload, actor, view, now);
    case "read_notifications":
      return readNotifications(frame.payload, actor, view);
    case "leave_room":
      return accepted([leave(actor)]);
    case "ping":
      return accepted([
        {
          do: "tell",
          audience: { to: "connection", connectionId: actor.connectionId },
          frame: EncodedFrame.of({ type: "pong", timestamp: iso(now) }),
        },
      ]);
    default:
      return assertNever(frame);
  }
}

/** Whoever sends a messageId again gets the first answer, whatever has become of the rest. */
function decideOnce(
  frame: DurableFrame | Notify,
  actor: Actor,
  view: RoomView,
  now: number,
): Decision {
  const savedId = view.savedId(actor.userId, frame.messageId, now);
  if (savedId !== undefined) return accepted([], { savedId, duplicate: true });
  switch (frame.type) {
    case "send_message":
      return sendMessage(frame, actor, view, now);
    case "edit_message":
      return editMessage(frame, actor, view, now);
    case "delete_message":
      return deleteMessage(frame, actor, view, now);
    case "react":
      return react(frame, actor, view, now);
    case "notify":
      return notify(frame, actor, view, now);
    default:
      return assertNever(frame);
  }
}

function type(actor: Actor, typing: boolean, now: number): Decision {
  const denied = missing(actor, "write");
  if (denied !== undefined) return refused(denied);
  return accepted([
    { do: "typing", connectionId: actor.connectionId, typing },
    { do: "tell", ...typingNotice(actor, typing, now) },
  ]);
}

function read(upTo: number, actor: Actor, view: RoomView): Decision {
  const denied = missing(actor, "read");
  if (denied !== undefined) return refused(denied);
  return accepted([{ do: "receipt", userId: actor.userId, upTo: Math.min(upTo, view.head) }]);
}

function leave(actor: Actor): Effect {
  const { code } = CLOSE_CODES.done;
  return { do: "close", connectionId: actor.connectionId, code, reason: "left the room" };
}
