import { EncodedFrame } from "../protocol/encoded-frame.ts";
import type { Publish } from "../protocol/frames/publish.ts";
import { iso } from "../protocol/iso.ts";
import type { Actor } from "../room/actor.ts";
import { originOf } from "../room/connections/origin.ts";
import type { Telling } from "../room/hooks/effect.ts";
import type { Hands } from "./extension.ts";

/** A value that somebody publishes, in a room of whatever kind. */
interface Publication {
  readonly data: Publish;
  readonly actor: Actor;
  readonly now: number;
  readonly tx: Pick<Hands<never>, "tell" | "countReaders">;
}

/** Tells an event to the others, and keeps nothing of it. */
export function publish({ data, actor, now, tx }: Publication): undefined {
  tx.tell(publication(data, actor, now));
  tx.countReaders();
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
    ...(conflate ? { conflated: `event:${event}` } : {}),
  };
}
