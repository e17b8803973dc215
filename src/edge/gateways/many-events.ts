import { CLOSES, type Close } from "../../protocol/close.ts";
import { closeOf } from "../../protocol/close-code.ts";
import type { Cursor } from "../../protocol/cursor.ts";
import { roomsEventsQuerySchema } from "../../protocol/http.ts";
import { iso } from "../../protocol/iso.ts";
import { RoomStamp } from "../../protocol/room-stamp.ts";
import { readRoomsCursor } from "../../protocol/rooms-cursor.ts";
import { type RoomsCursor, writeRoomsCursor } from "../../protocol/rooms-cursor-text.ts";
import { encodeEvent, encodeRetry, oneLine } from "../../protocol/server-sent-event.ts";
import { isWrittenMark } from "../../protocol/written-mark.ts";
import { callerOf } from "../caller.ts";
import { readQuery } from "../input.ts";
import { answerToMark, framesOf, WAKING_PING, whenGone } from "../transports/inner-socket.ts";
import { PacedStream } from "../transports/paced-stream.ts";
import { Reading } from "../transports/reading.ts";
import { type Left, RoomSet, type RoomsListener } from "./room-set.ts";
import type { RoomsCall } from "./room-visitor.ts";

/**
 * Server-Sent Events of many rooms (P20.7): as of one, with the room in each, and one cursor over all
 * as the `id`. A room that refuses is an event `left`; one that ended and may be entered again ends the
 * stream, so that its reader comes back to all of them.
 *
 * @throws {ProtocolError} for whatever keeps the reader out of all rooms.
 */
export async function openManyEvents(call: RoomsCall): Promise<Response> {
  const { request, env, settings } = call;
  const { rooms: list, history, cursor } = readQuery(roomsEventsQuerySchema, request);
  const rooms = [...new Set(list.split(","))];
  const caller = await callerOf(request, env, settings);
  const lastEventId = request.headers.get("Last-Event-ID");
  // An EventSource gives up for good on any answer but 200: what it brings and we cannot read is a start anew.
  const from = readRoomsCursor(lastEventId || (cursor ?? "")) ?? new Map();
  const many = new ManyEvents(rooms, from);
  const set = new RoomSet(call, caller, { wire: "json", transport: "sse", paced: true }, many);
  many.begin(set);
  call.lifetime.waitUntil(many.closed);
  whenGone(request, () => many.stream.over(CLOSES.readerLeft));
  for (const room of rooms) void set.join(room, { cursor: from.get(room), history });
  return many.stream.response;
}

/** What one reader is told of many rooms. */
class ManyEvents implements RoomsListener {
  readonly stream: PacedStream;
  readonly #readings: ReadonlyMap<string, { readonly reading: Reading; readonly stamp: RoomStamp }>;
  /** Rooms that wait to hear that what they sent was taken: each while it catches up. */
  readonly #owed = new Set<string>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #from: RoomsCursor;
  #set: RoomSet | undefined;

  /** @param from where its reader stands in those rooms where it has been. */
  constructor(rooms: readonly string[], from: RoomsCursor) {
    this.#from = from;
    this.#readings = new Map(
      rooms.map((room) => [
        room,
        { reading: new Reading(from.get(room)), stamp: new RoomStamp(room) },
      ]),
    );
    // Last, for it asks at once whether anything has been taken.
    this.stream = new PacedStream({
      over: (close) => this.#over(close),
      taken: () => this.#taken(),
    });
  }

  /** Resolves when nothing more is told. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Hears these rooms, before any of them is entered. */
  begin(set: RoomSet): void {
    this.#set = set;
  }

  heard(room: string, message: string | ArrayBuffer): void {
    const place = this.#readings.get(room);
    if (typeof message !== "string" || place === undefined) return;
    if (isWrittenMark(message)) {
      // The Worker itself reads at once; what counts is what its reader has taken.
      this.stream.whenTaken(() => this.#set?.say(room, answerToMark(message)));
      return;
    }
    const { reading, stamp } = place;
    const frames = framesOf(message);
    if (frames.length === 0) return;
    const owed = reading.isBehind;
    this.#owed.add(room);
    const events = frames.map((frame) => {
      const id = reading.follow(frame) ? this.#id : undefined;
      const data = oneLine(String(stamp.on(frame.json)));
      return encodeEvent({ event: frame.type, data, id });
    });
    this.stream.tell(events.join(""), owed);
  }

  left(room: string, why: Left): void {
    const { retryAfterMs } = why.error ?? {};
    const retry = retryAfterMs === undefined ? "" : encodeRetry(Math.ceil(retryAfterMs));
    const frame = { room, type: "left", timestamp: iso(Date.now()), payload: why };
    const event = encodeEvent({ event: "left", data: oneLine(JSON.stringify(frame)) });
    this.stream.tell(retry + event, true);
    // Who was refused at the door would be so again; who was inside is let in again by the next stream.
    if (why.error !== undefined || closeOf(why.code).reconnect === "never") return;
    this.stream.over(CLOSES.roomGone);
    this.stream.end();
  }

  /** Where its reader stands in all rooms that it has heard. */
  get #id(): string {
    const cursors = new Map<string, Cursor>();
    for (const [room, { reading }] of this.#readings) {
      // Of a room that has not greeted yet, what the reader brought.
      const cursor = reading.cursor ?? this.#from.get(room);
      if (cursor !== undefined) cursors.set(room, cursor);
    }
    return writeRoomsCursor(cursors);
  }

  #over(close: Close): void {
    this.#set?.close(close);
    this.#closed.resolve();
  }

  /** While they catch up rooms wait to hear this; later they do not ask. */
  #taken(): void {
    for (const room of this.#owed) {
      if (this.#readings.get(room)?.reading.isBehind === true) this.#set?.say(room, WAKING_PING);
    }
    this.#owed.clear();
  }
}
