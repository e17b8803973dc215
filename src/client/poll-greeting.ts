import { assertNever } from "../protocol/assert-never.ts";
import { ProtocolError } from "../protocol/error.ts";
import { iso } from "../protocol/iso.ts";
import { BOUNDS } from "../protocol/limits.ts";
import type { Message } from "../protocol/message.ts";
import { isLogKind, roomKind } from "../protocol/room-kind.ts";
import { inboxOwner } from "../protocol/room-name.ts";
import type { Greeting, JoinedInbox, MessagePage } from "../protocol/server-frame.ts";
import type { Cursor, PageQuery } from "./address.ts";
import { type IncomingFrame, readFrame } from "./frame-reader.ts";
import { field } from "./frame-shape.ts";
import { ask, refusalIn } from "./http.ts";
import type { Reading } from "./http-channel.ts";
import { messagesUrl, notificationsUrl, pollUrl, roomUrl } from "./http-url.ts";
import { isMessagePage, isNotificationPage } from "./page-shape.ts";
import { type PollPage, readPollPage } from "./poll-page.ts";
import { subjectOf } from "./token-claims.ts";

/** How long a request may take that waits for nothing, in milliseconds. */
const ANSWER_MS = 10_000;

/** Thousands of deleted messages are walked past, and no more: whoever joins should not wait for ever. */
const PAGES_MAX = 20;

/** The contract's defaults (§5): a server does not tell them over HTTP. */
const UNTOLD = {
  heartbeatMs: 30_000,
  limits: { frameBytes: 65_536, contentChars: 4_000, framesPerSecond: 20 },
};

/** What a WebSocket would have brought first, and where the polls go on. */
export interface PollStart {
  readonly frames: readonly IncomingFrame[];
  readonly cursor: Cursor;
}

/**
 * Makes a `joined_room` out of what HTTP tells. Who has read what is not known this way.
 *
 * @throws {ProtocolError} the server's refusal.
 */
export async function greetPoller(reading: Reading): Promise<PollStart> {
  const { cursor } = reading.visit;
  const page = cursor === undefined ? undefined : await poll(reading, cursor, 0);
  return page?.recovered === true ? resumed(reading, page) : begun(reading);
}

/**
 * Asks what came after a cursor, and waits for it up to so many seconds.
 *
 * @throws {ProtocolError} the server's refusal.
 */
export async function poll(
  reading: Reading,
  cursor: Cursor | undefined,
  wait: number,
): Promise<PollPage> {
  const { address, visit } = reading;
  const url = pollUrl(address, visit.room, cursor, wait);
  return got(readPollPage(await get(reading, url, wait * 1_000 + ANSWER_MS)));
}

async function resumed(reading: Reading, page: PollPage): Promise<PollStart> {
  const { cursor, frames } = page;
  switch (roomKind(reading.visit.room)) {
    case "chat": {
      const fields = { users: await users(reading), history: [] };
      return start(reading, cursor, { ...fields, recovered: true }, frames);
    }
    case "inbox": {
      // The count is of the head at that moment, which may be further than the events at hand.
      const { unread, seq } = await notifications(reading, 1);
      const fields = { history: [], unread, seq, recovered: true };
      return start(reading, cursor, fields, frames);
    }
    default: {
      const told = page.last ?? (await poll(reading, undefined, 0)).last ?? {};
      return start(reading, cursor, { history: [], last: told, recovered: true }, frames);
    }
  }
}

async function begun(reading: Reading): Promise<PollStart> {
  const kind = roomKind(reading.visit.room);
  const { history = BOUNDS.historyDefault } = reading.visit;
  if (!isLogKind(kind)) throw new ProtocolError("not_found", "There is nothing to poll here.");
  switch (kind) {
    case "chat": {
      const [page, present] = await Promise.all([newest(reading, history), users(reading)]);
      return start(reading, page, { users: present, history: last(page.shown, history) });
    }
    case "inbox": {
      const page = await notifications(reading, history);
      const fields = { history: last(page.notifications, history), unread: page.unread };
      return start(reading, page, fields);
    }
    case "topic": {
      const page = await poll(reading, undefined, 0);
      return start(reading, page.cursor, { history: [], last: page.last ?? {} });
    }
    default:
      return assertNever(kind);
  }
}

function start(
  { environment, visit, token }: Reading,
  { seq, epoch }: Cursor,
  fields: Partial<Greeting & Pick<JoinedInbox, "unread">> & {
    readonly history: readonly unknown[];
    readonly last?: unknown;
  },
  frames: readonly IncomingFrame[] = [],
): PollStart {
  const userId = subjectOf(token()) ?? "";
  const payload = {
    ...UNTOLD,
    roomId: visit.room,
    userId,
    epoch,
    seq,
    users: [],
    reads: {},
    recovered: false,
    ...fields,
  };
  const timestamp = iso(environment.now());
  const greeting = readFrame({ type: "joined_room", timestamp, payload });
  return { frames: [...greeting, ...frames], cursor: { seq, epoch } };
}

async function users(reading: Reading): Promise<Greeting["users"]> {
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

async function notifications(reading: Reading, limit: number) {
  const { address, visit } = reading;
  const query = { limit: Math.max(limit, 1) };
  const body = await get(reading, notificationsUrl(address, inboxOwner(visit.room), query));
  return got(isNotificationPage(body) ? body : undefined);
}

async function get(reading: Reading, url: string, withinMs = ANSWER_MS): Promise<unknown> {
  const { environment, token, signal } = reading;
  const { status, body } = await ask(environment, { url, token: token(), signal, withinMs });
  const refused = refusalIn(body);
  if (refused !== undefined) throw ProtocolError.of(refused);
  return status === 200 ? body : undefined;
}

function got<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The answer is not Hibiki's.");
  return value;
}

function last<T>(entries: readonly T[], count: number): readonly T[] {
  return count === 0 ? [] : entries.slice(-count);
}
