import { messageIdOf } from "../protocol/client-frame-schema.ts";
import { decodeFrame, isLonger, type Raw } from "../protocol/codec.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import { BOUNDS } from "../protocol/limits.ts";
import {
  FLOODING,
  frameTooLarge,
  REQUEST_FAILED,
  TOO_MANY_BAD_FRAMES,
} from "../protocol/refusals.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import {
  actorOf,
  type Connection,
  countFrame,
  endOf,
  isExpired,
} from "./connections/connection.ts";
import { bytesOf } from "./counting/counters.ts";
import type { CheckedFrame, FrameParser, RoomFrame } from "./frame.ts";
import type { Room } from "./room.ts";

/** A request to take a new token, which the room itself cannot verify. */
export interface TokenRefresh {
  readonly kind: "refresh_token";
  readonly token: string;
  /** What a refusal of it answers. */
  readonly messageId: string | undefined;
}

/** What a raw frame turned out to ask for beyond what the room itself does. */
export type Received = { readonly kind: "done" } | TokenRefresh;

const DONE: Received = { kind: "done" };

/**
 * The door for frames from sockets: size, token, quota, codec, schema; then the room's queue.
 * Whatever does not pass is answered, and ten bad frames in a row end the connection.
 */
export class Door {
  readonly #room: Room;
  readonly #limits: RoomLimits;
  readonly #parse: FrameParser;

  constructor(room: Room, limits: RoomLimits, parse: FrameParser) {
    this.#room = room;
    this.#limits = limits;
    this.#parse = parse;
  }

  /** Takes one frame off a socket. */
  receive(connection: Connection, raw: Raw, now: number): Received {
    const { frameBytes } = this.#limits;
    if (isLonger(raw, frameBytes)) {
      return this.#expel(connection, frameTooLarge(frameBytes), now);
    }
    const bytes = bytesOf(raw);
    this.#room.heard(connection, bytes, now);
    if (isExpired(connection, now)) {
      return this.#expel(connection, endOf(connection.session, now), now);
    }
    const parsed = this.#read(connection, raw);
    const mark = parsed.ok ? markIn(parsed.frame) : undefined;
    // We asked for it, as often as we sent much: it takes nothing of what the client itself may say.
    if (mark !== undefined && this.#room.marked(connection, mark, now)) return DONE;
    const isConflated = parsed.ok && this.#room.conflator.holds(parsed);
    const admittance = countFrame(connection, this.#limits, now, bytes, isConflated);
    if (admittance.verdict === "flooding") {
      return this.#expel(connection, FLOODING, now);
    }
    if (admittance.verdict === "refused") {
      const { retryAfterMs } = admittance;
      const error = refusal(
        "rate_limited",
        "Too many frames or bytes; wait and send again.",
        retryAfterMs,
      );
      this.#room.refuse(connection, parsed, error, now);
      return DONE;
    }
    return parsed.ok
      ? this.#accept(connection, parsed, now, bytes)
      : this.#reject(connection, parsed, now);
  }

  #read({ session }: Connection, raw: Raw): CheckedFrame {
    const decoded = decodeFrame(session.wire, raw);
    if (decoded.ok) {
      try {
        return this.#parse(decoded.value);
      } catch (failure) {
        this.#room.failed(failure);
        return { ok: false, error: REQUEST_FAILED, ...messageIdOf(decoded.value) };
      }
    }
    return { ok: false, error: decoded.error, ...messageIdOf(decoded) };
  }

  #accept(
    connection: Connection,
    { frame, messageId, isQuery }: Extract<CheckedFrame, { ok: true }>,
    now: number,
    bytes: number,
  ): Received {
    connection.badFrames = 0;
    // Of a mark that the room slept over it knows no more.
    if (markIn(frame) !== undefined) return DONE;
    const token = newTokenIn(frame);
    if (token !== undefined) return { kind: "refresh_token", token, messageId };
    this.#room.submit({ frame, messageId, isQuery, actor: actorOf(connection), at: now, bytes });
    return DONE;
  }

  #reject(
    connection: Connection,
    refused: Extract<CheckedFrame, { ok: false }>,
    now: number,
  ): Received {
    const { error } = refused;
    this.#room.refuse(connection, refused, error, now);
    // Nor is it the client's fault.
    if (error === REQUEST_FAILED) return DONE;
    connection.badFrames += 1;
    if (connection.badFrames < BOUNDS.badFramesInARow) return DONE;
    return this.#expel(connection, TOO_MANY_BAD_FRAMES, now);
  }

  #expel(connection: Connection, error: Refusal, now: number): Received {
    this.#room.expel(connection, error, now);
    return DONE;
  }
}

/** The token that a checked frame brings; `undefined` of any other. */
function newTokenIn(frame: RoomFrame): string | undefined {
  return frame.type === "refresh_token" ? textIn(frame, "token") : undefined;
}

/** The id of the mark that a checked frame answers; `undefined` of any other. */
function markIn(frame: RoomFrame): string | undefined {
  return frame.type === "read_mark" ? textIn(frame, "id") : undefined;
}

function textIn({ payload }: RoomFrame, field: string): string | undefined {
  if (typeof payload !== "object" || payload === null) return undefined;
  const value = (payload as Readonly<Record<string, unknown>>)[field];
  return typeof value === "string" ? value : undefined;
}
