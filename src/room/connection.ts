import type { AdmittedSession } from "../protocol/admission.ts";
import { BOUNDS } from "../protocol/limits.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import type { Actor } from "./actor.ts";
import { type Bucket, fullBucket, type Rate, take } from "./quota.ts";
import { ALL_READ, type Unread } from "./unread.ts";

/** What a hibernating socket keeps of its connection. */
export interface Session extends AdmittedSession {
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
  /** The newest receipt of this person that may not be in storage yet. */
  readonly readUpTo?: number | undefined;
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
  bucket: Bucket;
  /** Bad frames since the last good one. */
  badFrames: number;
  /** Frames refused by the quota since the bucket was last half full. */
  overruns: number;
  typing: boolean;
  lastFrameAt: number;
  unread: Unread;
  /** Place in the room's queue when it joined: what was told to those before it is not for its ears. */
  joinedAt: number;
}

/** A frame's fate by the quota: let in, refused, or refused once too often. */
export type Admittance =
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

/** Who speaks on a connection. */
export function actorOf({ id, session }: Connection): Actor {
  const { userId, name, permissions } = session;
  return { userId, name, permissions, connectionId: id };
}

/** The frames a connection may send. */
export function frameRate(limits: RoomLimits): Rate {
  return { perSecond: limits.framesPerSecond, burst: limits.framesBurst };
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
    bucket: fullBucket(frameRate(limits), now),
    badFrames: 0,
    overruns: 0,
    typing: false,
    // The clock may have been set back while the room slept.
    lastFrameAt: Math.min(session.connectedAt, now),
    unread: ALL_READ,
    joinedAt: 0,
  };
}

/**
 * Counts a frame against the connection's quota. Twice a burst of refusals, without the bucket
 * ever recovering to half, is flooding.
 */
export function countFrame(connection: Connection, limits: RoomLimits, now: number): Admittance {
  const rate = frameRate(limits);
  const { bucket, allowed, retryAfterMs } = take(connection.bucket, rate, now);
  connection.bucket = bucket;
  connection.lastFrameAt = now;
  connection.unread = { ...ALL_READ, answeredAt: connection.unread.answeredAt };
  // As it was before this frame, or a burst of one could never recover.
  if (bucket.tokens + (allowed ? 1 : 0) >= rate.burst / 2) connection.overruns = 0;
  if (allowed) return { verdict: "admitted" };
  connection.overruns += 1;
  return connection.overruns >= rate.burst * 2
    ? { verdict: "flooding" }
    : { verdict: "refused", retryAfterMs };
}

/**
 * Whether a peer that promised heartbeats has been silent for too long. `answeredAt` is when the
 * platform last answered its ping for us.
 */
export function isSilent(
  connection: Connection,
  answeredAt: number | undefined,
  heartbeatMs: number,
  now: number,
): boolean {
  if (connection.session.wire === "plain") return false;
  // A ping of the future came before the clock was set back, and says nothing of today.
  const isPast = answeredAt !== undefined && answeredAt <= now + BOUNDS.heartbeatGraceMs;
  const alive = Math.max(connection.lastFrameAt, isPast ? answeredAt : 0);
  return now - alive > heartbeatMs + BOUNDS.heartbeatGraceMs;
}
