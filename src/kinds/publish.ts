import { EncodedFrame } from "../protocol/encoded-frame.ts";
import type { Publish } from "../protocol/frames/publish.ts";
import { iso } from "../protocol/iso.ts";
import type { Actor } from "../room/actor.ts";
import { originOf } from "../room/connections/origin.ts";
import { type Decision, published } from "../room/hooks/decision.ts";
import type { Telling } from "../room/hooks/effect.ts";

/** Tells an event to the others, and keeps nothing of it. */
export function publish(value: Publish, actor: Actor, now: number): Decision<never> {
  return published([{ do: "tell", ...publication(value, actor, now) }]);
}

/** What the others are told of an event that is published. */
export function publication(
  { event, data, conflate = false }: Publish,
  { userId, connectionId }: Actor,
  now: number,
): Telling {
  return {
    audience: { to: "all-but-connection", connectionId },
    frame: EncodedFrame.of({
      type: "event",
      timestamp: iso(now),
      ...(connectionId === undefined ? {} : { origin: originOf(connectionId) }),
      payload: { event, data, userId },
    }),
    ...(conflate ? { conflated: event } : {}),
  };
}
