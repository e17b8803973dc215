import { assertNever } from "../protocol/assert-never.ts";
import type { ClientFrame, DurableFrame } from "../protocol/client-frame.ts";
import { CLOSE_CODES } from "../protocol/close-code.ts";
import { CLOSE_REASONS } from "../protocol/close-reason.ts";
import { EncodedFrame } from "../protocol/encoded-frame.ts";
import { refusal } from "../protocol/error.ts";
import { iso } from "../protocol/iso.ts";
import { refuseFrame } from "../protocol/permission.ts";
import type { Actor } from "./actor.ts";
import { accepted, type Decision, type RoomView, refused } from "./decision.ts";
import { fingerprintOf } from "./dedupe/fingerprint.ts";
import type { Known } from "./dedupe/request-memory.ts";
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

/** Whether a frame is one that is stored, and so has a key. */
export function isStoredRequest(frame: RoomFrame): frame is DurableFrame | Notify {
  return "messageId" in frame;
}

const CONFLICT =
  "This key was used for another request, which stands. Give every request a key of its own.";

/**
 * Decides what a checked frame does. Whoever makes a request again gets the first answer, whatever
 * has become of the rest.
 *
 * @param now when it was accepted, milliseconds since the epoch.
 */
export function decide(frame: RoomFrame, actor: Actor, view: RoomView, now: number): Decision {
  if (isStoredRequest(frame)) {
    const known = view.known({ userId: actor.userId, messageId: frame.messageId });
    if (known !== undefined) return answerKnown(known, frame);
  }
  const denied = refuseFrame(frame.type, actor);
  return denied === undefined ? decideAllowed(frame, actor, view, now) : refused(denied);
}

function decideAllowed(frame: RoomFrame, actor: Actor, view: RoomView, now: number): Decision {
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
    case "typing_start":
      return setTyping(actor, true, now);
    case "typing_end":
      return view.isTyping(actor.connectionId) ? setTyping(actor, false, now) : accepted([]);
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

function answerKnown(known: Known, frame: DurableFrame | Notify): Decision {
  if (known.kind === "unclear") {
    const message = "Too much of the log to search for an earlier try of this; send it again.";
    return refused(refusal("rate_limited", message, known.retryAfterMs));
  }
  const { seq, fingerprint } = known.accepted;
  const asked = fingerprintOf(frame);
  return fingerprint === undefined || asked === undefined || fingerprint === asked
    ? accepted([], { savedId: seq, duplicate: true })
    : refused(refusal("conflict", CONFLICT));
}

function setTyping(actor: Actor, typing: boolean, now: number): Decision {
  return accepted([
    { do: "typing", connectionId: actor.connectionId, typing },
    { do: "tell", ...typingNotice(actor, typing, now) },
  ]);
}

function read(upTo: number, actor: Actor, view: RoomView): Decision {
  return accepted([{ do: "receipt", userId: actor.userId, upTo: Math.min(upTo, view.head) }]);
}

function leave(actor: Actor): Effect {
  const { code } = CLOSE_CODES.done;
  return { do: "close", connectionId: actor.connectionId, code, reason: CLOSE_REASONS.leftRoom };
}
