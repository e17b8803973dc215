import * as z from "zod";
import { CLOSES, closeFor } from "../../protocol/close.ts";
import { type Cursor, cursorSchema } from "../../protocol/cursor.ts";
import { ProtocolError, type Refusal } from "../../protocol/error.ts";
import { roomsPollQuerySchema } from "../../protocol/http.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { refusalOf } from "../../protocol/refusal-of.ts";
import { RoomStamp } from "../../protocol/room-stamp.ts";
import { readRoomsCursor } from "../../protocol/rooms-cursor.ts";
import { type RoomsCursor, writeRoomsCursor } from "../../protocol/rooms-cursor-text.ts";
import { callerOf } from "../caller.ts";
import { contractOf } from "../deployment.ts";
import { readQuery } from "../input.ts";
import { callRoom } from "../room-stub.ts";
import { framesOf, openInner, whenGone } from "../transports/inner-socket.ts";
import { PollCollector } from "../transports/poll-collector.ts";
import type { Visitor } from "../visitor.ts";
import { type RoomsCall, roomVisitor } from "./room-visitor.ts";

const pageSchema = z.object({
  events: z.array(z.unknown()),
  epoch: cursorSchema.shape.epoch,
  seq: cursorSchema.shape.seq,
  recovered: z.boolean(),
  last: z.unknown().optional(),
  state: z.unknown().optional(),
});

/** What a poll of one room came to. */
type Page = z.infer<typeof pageSchema>;

type Polled =
  | { readonly room: string; readonly ok: true; readonly page: Page; readonly visitor: Visitor }
  | { readonly room: string; readonly ok: false; readonly error: Refusal };

const UNREADABLE = new ProtocolError(
  "invalid_request",
  "cursor: is none that this server wrote; leave it out to begin anew",
);

/**
 * Short and long polling of many rooms (P20.8). All are read; if none has anything to tell and the
 * client waits, all are listened to until one has.
 *
 * @throws {ProtocolError} for whatever keeps the client out of all rooms.
 */
export async function answerManyPoll(call: RoomsCall): Promise<Response> {
  const { request, env, settings } = call;
  const { rooms: list, wait, cursor } = readQuery(roomsPollQuerySchema, request);
  const from = cursor === undefined ? new Map<string, Cursor>() : readRoomsCursor(cursor);
  if (from === undefined) throw UNREADABLE;
  const rooms = [...new Set(list.split(","))];
  const caller = await callerOf(request, env, settings);
  const visit = async (room: string): Promise<Polled> => {
    try {
      const options = { cursor: from.get(room), staying: false };
      const visitor = await roomVisitor(call, caller, room, options);
      return await polled(call, room, visitor);
    } catch (error) {
      return { room, ...refusedBy(error) };
    }
  };
  let all = await Promise.all(rooms.map(visit));
  const open = all.filter((one) => one.ok);
  const isQuiet = open.every(({ room, page }) => isEmpty(page, from.get(room)));
  if (wait > 0 && isQuiet && open.length > 0) {
    const news = await firstOf(call, open, wait * 1_000);
    all = all.map((one) => news.get(one.room) ?? one);
  }
  return answer(all, from);
}

/** Reads what a room has for somebody who does not wait. */
async function polled(call: RoomsCall, room: string, visitor: Visitor): Promise<Polled> {
  const { actor, cursor } = visitor;
  const result = await callRoom(call.env, visitor.room, (stub) => stub.poll(actor, cursor));
  if (!result.ok) return { room, ok: false, error: result.error };
  return { room, ok: true, page: pageSchema.parse(JSON.parse(result.value)), visitor };
}

/** Whether a page has nothing to tell to one who came with this cursor. */
function isEmpty({ events, recovered }: Page, cursor: Cursor | undefined): boolean {
  return events.length === 0 && (recovered || cursor === undefined);
}

/** Listens to rooms from where they were read until one has something to tell, and says what each came to. */
async function firstOf(
  call: RoomsCall,
  open: readonly Extract<Polled, { readonly ok: true }>[],
  waitMs: number,
): Promise<ReadonlyMap<string, Polled>> {
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const news = new Map<string, Polled>();
  /** For each room that is listened to: ends that, and notes what came of it. */
  const settles: (() => void)[] = [];
  const deadline = setTimeout(resolve, waitMs);
  whenGone(call.request, resolve);
  const listen = async ({ room, page, visitor }: Extract<Polled, { readonly ok: true }>) => {
    const { epoch, seq } = page;
    const options = { transport: "poll", history: 0 } as const;
    const entering = openInner(call, { ...visitor, cursor: { epoch, seq } }, options);
    const opened = await entering.catch((error: unknown) => refusedBy(error));
    if (!opened.ok) {
      news.set(room, { room, ok: false, error: opened.error });
      resolve();
      return;
    }
    const { inner } = opened;
    const contract = contractOf(call, room);
    const stated = contract?.state === undefined ? undefined : contract;
    const collector = new PollCollector({ epoch, seq }, stated);
    const settle = () => {
      const { refusal, page: told } = collector;
      if (refusal !== undefined) news.set(room, { room, ok: false, error: refusal });
      else if (told !== undefined) {
        const events = told.events.map((json): unknown => JSON.parse(json));
        news.set(room, { room, ok: true, page: { ...told, events }, visitor });
      }
      inner.close(CLOSES.pollAnswered);
    };
    settles.push(settle);
    inner.listen(
      {
        heard: (message) => {
          collector.take(framesOf(message));
          if (collector.isDone) resolve();
        },
        // A poll takes a page and is over: what is read is bounded by that.
        marked: (told) => told(),
        ended: () => resolve(),
      },
      call.settings.limits.heartbeatMs,
    );
  };
  // Who is let go early is awaited all the same: what opens afterwards would never be closed.
  await Promise.all([enough, ...open.map(listen)]);
  clearTimeout(deadline);
  for (const settle of settles) settle();
  return news;
}

function refusedBy(error: unknown): { readonly ok: false; readonly error: Refusal } {
  return { ok: false, error: refusalOf(error) };
}

/** The answer: events of all rooms, each with its room, and one cursor over all that answered. */
function answer(all: readonly Polled[], from: RoomsCursor): Response {
  const cursors = new Map<string, Cursor>();
  const events: string[] = [];
  const left: Record<string, unknown> = {};
  const unrecovered: string[] = [];
  const last: Record<string, unknown> = {};
  const state: Record<string, unknown> = {};
  let chars = 0;
  for (const one of all) {
    const { room } = one;
    const before = from.get(room);
    if (!one.ok) {
      const { code, reason } = closeFor(one.error.code);
      left[room] = { code, reason, error: one.error };
      continue;
    }
    const { page } = one;
    // What there is no room for comes with the next poll, from where its reader stood.
    if (chars > BOUNDS.pollPageChars && before !== undefined) {
      cursors.set(room, before);
      continue;
    }
    const stamp = new RoomStamp(room);
    const told = page.events.map((event) => String(stamp.on(JSON.stringify(event))));
    for (const event of told) chars += event.length;
    events.push(...told);
    cursors.set(room, { epoch: page.epoch, seq: page.seq });
    if (before !== undefined && !page.recovered) unrecovered.push(room);
    if (page.last !== undefined) last[room] = page.last;
    if (page.state !== undefined) state[room] = page.state;
  }
  const rest = {
    cursor: writeRoomsCursor(cursors),
    ...(isAny(left) ? { left } : {}),
    ...(unrecovered.length > 0 ? { unrecovered } : {}),
    ...(isAny(last) ? { last } : {}),
    ...(isAny(state) ? { state } : {}),
  };
  const body = `{"events":[${events.join(",")}],${JSON.stringify(rest).slice(1)}`;
  return new Response(body, {
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store" },
  });
}

function isAny(record: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(record).length > 0;
}
