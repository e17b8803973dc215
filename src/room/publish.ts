import { EncodedFrame } from "../protocol/encoded-frame.ts";
import { refusal } from "../protocol/error.ts";
import type { Publish } from "../protocol/frames/publish.ts";
import { iso } from "../protocol/iso.ts";
import { BOUNDS } from "../protocol/limits.ts";
import type { Actor } from "./actor.ts";
import { accepted, type Decision, type RoomView, refused } from "./decision.ts";
import type { Effect } from "./effect.ts";
import { originOf } from "./origin.ts";

/** Tells an event to the others; a topic keeps its value for whoever joins later. */
export function publish(
  { event, data, conflate = false }: Publish,
  actor: Actor,
  view: RoomView,
  now: number,
): Decision {
  const timestamp = iso(now);
  const tell: Effect = {
    do: "tell",
    audience: { to: "all-but-connection", connectionId: actor.connectionId },
    frame: EncodedFrame.of({
      type: "event",
      timestamp,
      ...(actor.connectionId === undefined ? {} : { origin: originOf(actor.connectionId) }),
      payload: { event, data, userId: actor.userId },
    }),
    ...(conflate ? { conflated: event } : {}),
  };
  if (view.kind !== "topic") return accepted([tell]);
  const keep: Effect = { do: "keep-last", event, value: { data, timestamp } };
  return view.keepsLast(event)
    ? accepted([keep, { ...tell, owedToNewcomers: true }])
    : refused(
        refusal("conflict", `A topic keeps ${BOUNDS.topicEvents} event names; reuse one of them.`),
      );
}
