import { inboxOwner } from "../protocol/inbox-owner.ts";
import { BOUNDS } from "../protocol/limits.ts";
import type { Reading } from "./http-channel.ts";
import { notificationsUrl } from "./http-url.ts";
import { isNotificationPage } from "./page-shape.ts";
import { newestOf, type PolledKind } from "./polled-kind.ts";
import { get, got } from "./polling.ts";

/** An inbox tells its newest notifications and how many are unread. */
export const POLLED_INBOX: PolledKind = {
  begin: async (reading) => {
    const { history = BOUNDS.historyDefault } = reading.visit.wants;
    const page = await notifications(reading, history);
    const { unread } = page;
    return { cursor: page, fields: { history: newestOf(page.notifications, history), unread } };
  },
  resume: async (reading, { cursor }) => {
    // The count is of the head at that moment, which may be further than the events at hand.
    const { unread, seq } = await notifications(reading, 1);
    return { cursor, fields: { history: [], unread, seq } };
  },
};

async function notifications(reading: Reading, limit: number) {
  const { address, visit } = reading;
  const query = { limit: Math.max(limit, 1) };
  const body = await get(reading, notificationsUrl(address, inboxOwner(visit.room), query));
  return got(isNotificationPage(body) ? body : undefined);
}
