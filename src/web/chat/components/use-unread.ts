import { useLayoutEffect, useMemo, useState } from "hono/jsx/dom";
import { device } from "../../identity/storage.ts";
import { lastSeen } from "../last-seen.ts";
import { recentRooms } from "../recent-rooms.ts";
import type { Unread } from "../unread.ts";
import { LOOKED_AT, unreadPageOf } from "../unread-page.ts";
import { type UnreadAnswer, UnreadWatch } from "../unread-watch.ts";

/** Statuses that say that a room is not for this person. */
const DENIED: ReadonlySet<number> = new Set([403, 404]);
/** Statuses that the next room would be answered with too. */
const AWAY: ReadonlySet<number> = new Set([401, 429]);

/** What is new in the rooms of the list beside the one that is shown, while the page is in view. */
export function useUnread(
  me: string,
  room: string,
  token: () => Promise<string>,
): ReadonlyMap<string, Unread> {
  const current = useMemo(() => ({ room }), [token]);
  current.room = room;
  const watch = useMemo(
    () =>
      new UnreadWatch({
        rooms: () => {
          const others = new Set(recentRooms(device, current.room));
          others.delete(current.room);
          return new Map([...lastSeen(device, me)].filter(([name]) => others.has(name)));
        },
        ask: (name, after, signal) => ask({ room: name, after, me, signal }, token),
        now: Date.now,
      }),
    [me, token],
  );
  const [counts, setCounts] = useState(watch.counts);
  useLayoutEffect(() => watch.entered(room), [watch, room]);
  useLayoutEffect(() => {
    const look = () => (document.visibilityState === "visible" ? watch.start() : watch.pause());
    const changed = () => setCounts(watch.counts);
    const unsubscribe = watch.subscribe(changed);
    document.addEventListener("visibilitychange", look);
    changed();
    look();
    return () => {
      document.removeEventListener("visibilitychange", look);
      unsubscribe();
      watch.pause();
    };
  }, [watch]);
  return counts;
}

interface Question {
  readonly room: string;
  /** The seq of the last message that was seen there. */
  readonly after: number;
  readonly me: string;
  readonly signal: AbortSignal;
}

async function ask(
  { room, after, me, signal }: Question,
  token: () => Promise<string>,
): Promise<UnreadAnswer> {
  const path = `/v1/rooms/${encodeURIComponent(room)}/messages?after=${after}&limit=${LOOKED_AT}`;
  try {
    const headers = { authorization: `Bearer ${await token()}` };
    const response = await fetch(path, { headers, signal });
    if (DENIED.has(response.status)) return "denied";
    if (AWAY.has(response.status)) return "away";
    if (!response.ok) return "failed";
    const body: unknown = await response.json().catch(() => undefined);
    return unreadPageOf(body, me) ?? "failed";
  } catch {
    // One room that hangs is no word on the others.
    return signal.aborted ? "failed" : "away";
  }
}
