import { CLOSES } from "../../protocol/close.ts";
import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { refusal } from "../../protocol/error.ts";
import { iso } from "../../protocol/iso.ts";
import { KEY_TAKEN } from "../../protocol/refusals.ts";
import type { Actor } from "../actor.ts";
import { fingerprintOf } from "../dedupe/fingerprint.ts";
import type { Known } from "../dedupe/request-memory.ts";
import type { RoomFrame } from "../frame.ts";
import { accepted, type Decision, refused } from "../hooks/decision.ts";
import type { GuardedRoom } from "../hooks/guarded-room.ts";

/** What is known of a frame's key, and what its sender asked for now. */
type Repeat = Known & { readonly asked: RoomFrame };

/**
 * Decides what a checked frame does: what is said in every room here, the rest by the room's kind.
 *
 * @param known what is known of an earlier request under its key: whoever makes a request again gets
 *   the first answer, whatever has become of the rest.
 * @param now when it was accepted, milliseconds since the epoch.
 */
export function decide(
  frame: RoomFrame,
  actor: Actor,
  room: Pick<GuardedRoom, "decide" | "saved">,
  known: Repeat | undefined,
  now: number,
): Decision {
  switch (frame.type) {
    case "leave_room":
      return leave(actor);
    case "ping":
      return pong(actor, now);
    default:
      return known === undefined ? room.decide(frame, actor, now) : answerKnown(known, room);
  }
}

function answerKnown(known: Repeat, room: Pick<GuardedRoom, "saved">): Decision {
  if (known.kind === "unclear") {
    const message = "Too much of the log to search for an earlier try of this; send it again.";
    return refused(refusal("rate_limited", message, known.retryAfterMs));
  }
  const { seq, fingerprint } = known.accepted;
  const asked = fingerprintOf(known.asked);
  return fingerprint === undefined || asked === undefined || fingerprint === asked
    ? accepted([], { ...room.saved(seq), duplicate: true })
    : refused(KEY_TAKEN);
}

function leave({ connectionId }: Actor): Decision {
  return accepted([{ do: "close", connectionId, close: CLOSES.leftRoom }]);
}

function pong({ connectionId }: Actor, now: number): Decision {
  const frame = EncodedFrame.of({ type: "pong", timestamp: iso(now) });
  return accepted([{ do: "tell", audience: { to: "connection", connectionId }, frame }]);
}
