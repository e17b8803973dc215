import type { AdmittedSession } from "../../protocol/admission.ts";
import type { Refusal } from "../../protocol/error.ts";
import { PRESENCE_BOUNDS } from "../../protocol/presence-limits.ts";
import { AUTHORITY_ENDED, TOKEN_EXPIRED } from "../../protocol/refusals.ts";
import type { RoomLimits } from "../../protocol/settings.ts";
import type { Actor } from "../actor.ts";
import type { CatchUp } from "../log/catch-up.ts";
import { type Bucket, fullBucket, type Rate, take } from "../quota/quota.ts";
import { Unread } from "./unread.ts";

/** What a hibernating socket keeps of its connection. */
export interface Session extends AdmittedSession {
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
  /** The newest receipt of this person that may not be in storage yet. */
  readonly readUpTo?: number | undefined;
  /** When a client without a heartbeat was heard, about, milliseconds since the epoch. */
  readonly heardAt?: number | undefined;
  /** Whether it is still owed what it missed: who sleeps over that must come back for it. */
  readonly isBehind?: boolean | undefined;
  /** What its person shows of itself, as JSON text: one of a person's connections keeps it. */
  readonly shown?: string | undefined;
  /** What the room's kind keeps with it, as JSON text. */
  readonly ofKind?: string | undefined;
}

/** A live connection: its session, and what may be forgotten over a hibernation. */
export interface Connection {
  readonly id: string;
  session: Session;
  /**
   * A closing connection is sent what is owed, then closed; nothing more is heard from it. A closed
   * one is in the room no more, and only a flush that is still being told may come upon it.
   */
  state: "open" | "closing" | "closed";
  frames: Bucket;
  /** Of frames of which only the newest counts. */
  conflated: Bucket;
  bytes: Bucket;
  /** Bad frames since the last good one. */
  badFrames: number;
  /** Frames refused by the quota since both buckets were last half full. */
  overruns: number;
  lastFrameAt: number;
  readonly unread: Unread;
  /** What it missed, while that is on its way. */
  catchUp?: CatchUp | undefined;
  /**
   * Place in the room's queue when it joined. Frames queued before it are not sent to it: its greeting
   * covers them.
   */
  joinedAt: number;
  /** How often it is being asked anew, now, whether this person may be here. */
  asks: number;
  /** How often the room was told to ask that. */
  nudges: number;
}

const NO_LIMIT: Rate = { perSecond: 1, burst: Number.MAX_SAFE_INTEGER };

/** A frame's fate by the quota: let in, refused, or refused once too often. */
export type FrameVerdict =
  | { readonly verdict: "admitted" }
  | { readonly verdict: "refused"; readonly retryAfterMs: number }
  | { readonly verdict: "flooding" };

/**
 * Whether a session shows in the list of people. A poll comes and goes, so it would only flicker;
 * and the backend is not the person whose name it uses.
 */
export function isPresent({ transport, backend }: Session): boolean {
  return transport !== "poll" && backend !== true;
}

/** Whether a connection's token has ended: from then on it hears nothing of the room. */
export function isExpired({ session }: Connection, now: number): boolean {
  return session.expiresAt <= now;
}

/** Why a connection of which {@link isExpired} holds may not go on. */
export function endOf({ authority }: Pick<Session, "authority">, now: number): Refusal {
  const { tokenEndsAt = now } = authority ?? {};
  return tokenEndsAt > now ? AUTHORITY_ENDED : TOKEN_EXPIRED;
}

/**
 * Whether a connection is told nothing more but what answers its own frames: its token has ended, or
 * it is to be closed before it was told all that it missed, and would take the rest for all there is.
 */
export function isCutOff(connection: Connection, now: number): boolean {
  const isClosing = connection.state === "closing" && connection.catchUp !== undefined;
  return isClosing || isExpired(connection, now);
}

/** Who speaks on a connection. */
export function actorOf({ id, session }: Connection): Actor {
  const { userId, name, permissions, authority } = session;
  const actor = { userId, name, permissions, connectionId: id };
  if (authority === undefined) return actor;
  const { member } = authority;
  return { ...actor, authorized: true, ...(member === undefined ? {} : { member }) };
}

/** The frames a connection may send. */
function frameRate(limits: RoomLimits): Rate {
  return { perSecond: limits.framesPerSecond, burst: limits.framesBurst };
}

/** The frames a connection may send of which only the newest counts. */
function conflatedRate({ presencePerSecond }: RoomLimits): Rate {
  const perSecond = presencePerSecond * PRESENCE_BOUNDS.saidPerTold;
  return { perSecond, burst: perSecond };
}

/** The bytes a connection may send; `undefined` when they have no limit. */
function byteRate({ bytesPerSecond, bytesBurst }: RoomLimits): Rate | undefined {
  return bytesPerSecond === 0 ? undefined : { perSecond: bytesPerSecond, burst: bytesBurst };
}

/** A connection with nothing said yet. */
export function openConnection(
  id: string,
  session: Session,
  limits: RoomLimits,
  now: number,
): Connection {
  return {
    id,
    session,
    state: "open",
    frames: fullBucket(frameRate(limits), now),
    conflated: fullBucket(conflatedRate(limits), now),
    bytes: fullBucket(byteRate(limits) ?? NO_LIMIT, now),
    badFrames: 0,
    overruns: 0,
    // The clock may have been set back while the room slept.
    lastFrameAt: Math.min(session.heardAt ?? session.connectedAt, now),
    unread: new Unread(limits.marks),
    joinedAt: 0,
    asks: 0,
    nudges: 0,
  };
}

/**
 * Counts a frame against the connection's quota. Twice a burst of refusals, without the buckets
 * ever recovering to half, is flooding.
 *
 * @param isConflated whether only the newest such counts: then the quota is another one.
 */
export function countFrame(
  connection: Connection,
  limits: RoomLimits,
  now: number,
  bytes: number,
  isConflated = false,
): FrameVerdict {
  const rates = {
    frames: frameRate(limits),
    conflated: conflatedRate(limits),
    bytes: byteRate(limits) ?? NO_LIMIT,
  };
  for (const name of ["frames", "conflated", "bytes"] as const) {
    connection[name] = take(connection[name], rates[name], now, 0).bucket;
  }
  // As they are before this frame, or a burst of one could never recover.
  const isCalm = (["frames", "conflated", "bytes"] as const).every(
    (name) => connection[name].tokens >= rates[name].burst / 2,
  );
  if (isCalm) connection.overruns = 0;
  const counted = isConflated ? "conflated" : "frames";
  const frames = take(connection[counted], rates[counted], now);
  const weight = take(connection.bytes, rates.bytes, now, bytes);
  if (frames.allowed && weight.allowed) {
    connection[counted] = frames.bucket;
    connection.bytes = weight.bucket;
    return { verdict: "admitted" };
  }
  connection.overruns += 1;
  return connection.overruns >= rates.frames.burst * 2
    ? { verdict: "flooding" }
    : { verdict: "refused", retryAfterMs: Math.max(frames.retryAfterMs, weight.retryAfterMs) };
}
