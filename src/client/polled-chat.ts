import { BOUNDS } from "../protocol/limits.ts";
import type { Message } from "../protocol/message.ts";
import type { Greeting, MessagePage } from "../protocol/server-frame.ts";
import type { PageQuery } from "./address.ts";
import { field } from "./frame-shape.ts";
import type { Reading } from "./http-channel.ts";
import { messagesUrl, roomUrl } from "./http-url.ts";
import { isMessagePage } from "./page-shape.ts";
import { newestOf, type PolledKind } from "./polled-kind.ts";
import { get, got } from "./polling.ts";

/** Thousands of deleted messages are walked past, and no more: whoever joins should not wait for ever. */
const PAGES_MAX = 20;

/** A chat tells who is here and what was said; who has read what is not known this way. */
export const POLLED_CHAT: PolledKind = {
  begin: async (reading) => {
    const { history = BOUNDS.historyDefault } = reading.visit.wants;
    const [page, users] = await Promise.all([newest(reading, history), usersOf(reading)]);
    return { cursor: page, fields: { users, history: newestOf(page.shown, history) } };
  },
  resume: async (reading, { cursor }) => {
    return { cursor, fields: { users: await usersOf(reading), history: [] } };
  },
};

/** Who is in a room. */
export async function usersOf(reading: Reading): Promise<Greeting["users"]> {
  const url = roomUrl(reading.address, reading.visit.room, "users");
  const listed = field(await get(reading, url), "users");
  // Each of them is checked as part of the greeting.
  return got(Array.isArray(listed) ? listed : undefined);
}

/**
 * The newest messages that still are there, and the head when the first page was written. Pages
 * hold deleted ones too, and may end early: so it takes as many as it takes.
 */
async function newest(reading: Reading, count: number) {
  const first = await messages(reading, { limit: Math.max(count, 1) });
  let page = first;
  let shown = page.messages.filter(isShown);
  for (let pages = 1; page.hasMore && shown.length < count && pages < PAGES_MAX; pages += 1) {
    page = await messages(reading, { before: page.messages[0]?.seq, limit: BOUNDS.historyMax });
    shown = [...page.messages.filter(isShown), ...shown];
  }
  return { seq: first.seq, epoch: first.epoch, shown };
}

function isShown(message: MessagePage["messages"][number]): message is Message {
  return !("deleted" in message);
}

async function messages(reading: Reading, query: PageQuery): Promise<MessagePage> {
  const { address, visit } = reading;
  const body = await get(reading, messagesUrl(address, visit.room, query));
  return got(isMessagePage(body) ? body : undefined);
}
