import * as z from "zod";
import { AUTHORITY_BOUNDS } from "./authority-limits.ts";
import type { Refusal } from "./error.ts";
import { PERMISSIONS, type Permission } from "./grant.ts";
import type { Json } from "./json.ts";

/** What is kept of the request by which somebody came, for its rule to be asked again with. */
export const keptRequestSchema = z.object({
  url: z.string(),
  headers: z.record(z.string(), z.string()),
});

/** What is kept of a request: no token, no cookie, and nothing long. */
export type KeptRequest = z.infer<typeof keptRequestSchema>;

/** Whoever writes it has read it as JSON. */
const memberSchema = z.unknown() as z.ZodType<Json>;

/** By what a connection is in a room whose kind asks a rule of its team's: that rule's answer, and how to ask anew. */
export const authoritySchema = z.object({
  /** When the rule was asked, milliseconds since the epoch, as the other times. */
  askedAt: z.number(),
  /** For how long its answer was given, in milliseconds. */
  forMs: z.number(),
  /** When it is to be asked again. */
  askAt: z.number(),
  /** When the answer ends for good, since asking again has failed. */
  graceEndsAt: z.number().optional(),
  tokenEndsAt: z.number(),
  /** What the token itself grants in the room, which the rule is handed. */
  grants: z.array(z.enum(PERMISSIONS)),
  /** What the room's rules know of the person. */
  member: memberSchema.optional(),
  request: keptRequestSchema,
});

/** See {@link authoritySchema}. */
export type Authority = z.infer<typeof authoritySchema>;

/** What a rule granted somebody. */
export interface Granted {
  readonly kind: "granted";
  readonly permissions: readonly Permission[];
  /** For how long, in milliseconds; as long as the token lasts when absent. */
  readonly forMs: number | undefined;
  readonly member: Json | undefined;
}

/** What came of asking a rule whether somebody may be in a room. */
export type Verdict =
  | Granted
  | { readonly kind: "refused"; readonly error: Refusal }
  /** No answer, or none that could be read: whoever is not inside stays out. */
  | { readonly kind: "failed"; readonly error: Refusal; readonly reason: string };

/** What came of asking, and when that was, milliseconds since the epoch. */
export interface Answer {
  readonly askedAt: number;
  readonly verdict: Verdict;
}

/** About whom a rule is asked. */
export interface Question {
  readonly userId: string;
  readonly name: string;
  readonly room: string;
  readonly grants: readonly Permission[];
  /** A request of the platform, without a body. */
  readonly request: object;
  /** The Worker's environment. */
  readonly env: object;
}

/** A kind's rule on who may be in its rooms. */
export interface Authorizer {
  /** Its kind as it is counted by: its name, and codes of its own. */
  readonly kind: { readonly name: string; readonly errors: readonly string[] };
  /** Asks it; within its time limit there is a verdict, whatever the rule does. */
  ask(question: Question): Promise<Verdict>;
}

/** The authorizers of a deployment. */
export interface Authorizers {
  /** Whether there is one. */
  readonly any: boolean;
  /** That of a room, by the room's name; `undefined` where the token's grants decide. */
  of(room: string): Authorizer | undefined;
}

/** Somebody inside about whom the rule is asked anew. */
export interface Asking {
  /** Of the connection. */
  readonly id: string;
  readonly session: { readonly userId: string; readonly name: string };
  readonly authority: Authority;
  /** How often it had been said by then that it is to be asked. */
  readonly nudges: number;
}

/** What a session has of a grant. */
export interface Admitted {
  readonly permissions: Permission[];
  /** Until when it may be in the room, milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly authority: Authority;
}

/** What stays the same of an authority, whatever the rule answers. */
export type Asked = Pick<Authority, "askedAt" | "tokenEndsAt" | "grants" | "request">;

/**
 * What a grant gives a session. Should nobody get to ask again, it ends by itself: a grant may stand
 * once more for as long as it was given for, and {@link AUTHORITY_BOUNDS.graceMs} at most.
 */
export function admittedBy(granted: Granted, asked: Asked): Admitted {
  // These alone: what is left of an earlier answer, such as its grace, is no part of this one.
  const { askedAt, tokenEndsAt, grants, request } = asked;
  const forMs = Math.max(0, granted.forMs ?? tokenEndsAt - askedAt);
  const askAt = Math.min(askedAt + forMs, tokenEndsAt);
  const { member } = granted;
  return {
    permissions: [...granted.permissions],
    expiresAt: Math.min(tokenEndsAt, askAt + graceOf(forMs)),
    authority: {
      askedAt,
      forMs,
      askAt,
      tokenEndsAt,
      grants: [...grants],
      request,
      ...(member === undefined ? {} : { member }),
    },
  };
}

/**
 * What is left of an answer when the rule could not be asked again: it stands once more, from the first
 * such failure on, and the rule is asked again from time to time.
 *
 * @param now milliseconds since the epoch.
 */
export function stillStanding(
  authority: Authority,
  now: number,
): Pick<Admitted, "expiresAt" | "authority"> {
  const { forMs, tokenEndsAt } = authority;
  const graceEndsAt = authority.graceEndsAt ?? now + graceOf(forMs);
  return {
    expiresAt: Math.min(tokenEndsAt, graceEndsAt),
    authority: { ...authority, graceEndsAt, askAt: now + AUTHORITY_BOUNDS.askAgainMs },
  };
}

/**
 * An authority that an edge brings, as it is known inside: what that was told before the last nudge is
 * asked anew, as soon as its person is in. Its clock is not ours: one that is ahead must neither pass
 * that off as told afterwards, nor make what is answered here look older.
 *
 * @param nudgedAt when it was last said that all are to be asked about, milliseconds since the epoch.
 */
export function broughtIn(authority: Authority, nudgedAt: number, now: number): Authority {
  const askedAt = Math.min(authority.askedAt, now);
  const isOld = askedAt <= nudgedAt + AUTHORITY_BOUNDS.clocksApartMs;
  return { ...authority, askedAt, ...(isOld ? { askAt: now } : {}) };
}

/** Whether the rule is to be asked again by now, and not just at the token's end. */
export function isToBeAsked({ askAt, tokenEndsAt }: Authority, now: number): boolean {
  return askAt <= now && now < tokenEndsAt;
}

function graceOf(forMs: number): number {
  return Math.min(forMs, AUTHORITY_BOUNDS.graceMs);
}
