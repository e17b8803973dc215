import { type Refusal, refusal } from "../../protocol/error.ts";
import { iso } from "../../protocol/iso.ts";

/** Who is banned, and until when. */
export interface BanList {
  /** When a user's ban ends, milliseconds since the epoch; `undefined` without one. */
  bannedUntil(userId: string): number | undefined;
  ban(userId: string, until: number): void;
  unban(userId: string): void;
  /** When the last of all bans ends, milliseconds since the epoch; `undefined` when there is none. */
  lastUntil(): number | undefined;
  /** Drops the bans that are over. */
  expire(now: number): void;
}

/** The refusal of whoever is banned; `undefined` for everyone else. */
export function banOf(bans: BanList, userId: string, now: number): Refusal | undefined {
  const until = bans.bannedUntil(userId);
  return until === undefined || until <= now
    ? undefined
    : refusal("banned", `You are banned from this room until ${iso(until)}.`);
}
