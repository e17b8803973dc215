import { useLayoutEffect, useMemo, useState } from "hono/jsx/dom";
import { device } from "../../identity/storage.ts";
import { lastSeen } from "../last-seen.ts";
import { recentRooms } from "../recent-rooms.ts";
import type { Unread } from "../unread.ts";
import { LOOKED_AT, type UnreadPage, unreadPageOf } from "../unread-page.ts";
import { UnreadWatch } from "../unread-watch.ts";

/** Statuses that say that a room is not for this person. */
const DENIED: ReadonlySet<number> = new Set([403, 404]);

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
        ask: (name, after) => ask(name, after, me, token),
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

async function ask(
  room: string,
  after: number,
  me: string,
  token: () => Promise<string>,
): Promise<UnreadPage | "denied" | undefined> {
  try {
    const path = `/v1/rooms/${encodeURIComponent(room)}/messages?after=${after}&limit=${LOOKED_AT}`;
    const headers = { authorization: `Bearer ${await token()}` };
    const response = await fetch(path, { headers });
    if (DENIED.has(response.status)) return "denied";
    return response.ok ? unreadPageOf(await response.json(), me) : undefined;
  } catch {
    return undefined;
  }
}
