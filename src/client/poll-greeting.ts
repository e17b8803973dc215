import { inboxName } from "../protocol/inbox-name.ts";
import { iso } from "../protocol/iso.ts";
import type { Cursor } from "./address.ts";
import { type IncomingFrame, readFrame } from "./frame-reader.ts";
import type { Reading } from "./http-channel.ts";
import { POLLED_CHAT } from "./polled-chat.ts";
import { POLLED_GAME } from "./polled-game.ts";
import { POLLED_INBOX } from "./polled-inbox.ts";
import type { PolledKind, Told } from "./polled-kind.ts";
import { POLLED_OWN } from "./polled-own.ts";
import { POLLED_TOPIC } from "./polled-topic.ts";
import { poll } from "./polling.ts";
import { subjectOf } from "./token-claims.ts";
import type { Visit } from "./transport.ts";

/** The contract's defaults (§5): a server does not tell them over HTTP. */
const UNTOLD = {
  heartbeatMs: 30_000,
  limits: { frameBytes: 65_536, contentChars: 4_000, framesPerSecond: 20 },
};

/** By how a room's name begins; any other is polled as a chat is. */
const KINDS: readonly (readonly [prefix: string, PolledKind])[] = [
  [inboxName(""), POLLED_INBOX],
  ["topic:", POLLED_TOPIC],
  ["game:", POLLED_GAME],
];

/** What a WebSocket would have brought first, and where the polls go on. */
export interface PollStart {
  readonly frames: readonly IncomingFrame[];
  readonly cursor: Cursor;
  /** What was told of a topic's newest values. */
  readonly last: unknown;
}

/** What a room is polled as. */
export function polledKind({ room, wants }: Visit): PolledKind {
  if ("contract" in wants) return POLLED_OWN;
  return KINDS.find(([prefix]) => room.startsWith(prefix))?.[1] ?? POLLED_CHAT;
}

/**
 * Makes a `joined_room` out of what HTTP tells. Who has read what is not known this way.
 *
 * @throws {ProtocolError} the server's refusal.
 */
export async function greetPoller(reading: Reading): Promise<PollStart> {
  const { cursor } = reading.visit;
  const kind = polledKind(reading.visit);
  const page = cursor === undefined ? undefined : await poll(reading, cursor, 0);
  if (page?.recovered !== true) return startOf(reading, await kind.begin(reading), false, []);
  return startOf(reading, await kind.resume(reading, page), true, page.frames);
}

function startOf(
  { environment, visit, token }: Reading,
  { cursor: { seq, epoch }, fields }: Told,
  recovered: boolean,
  frames: readonly IncomingFrame[],
): PollStart {
  const payload = {
    ...UNTOLD,
    roomId: visit.room,
    userId: subjectOf(token()) ?? "",
    epoch,
    seq,
    users: [],
    reads: {},
    recovered,
    ...fields,
  };
  const greeting = readFrame({ type: "joined_room", timestamp: iso(environment.now()), payload });
  return { frames: [...greeting, ...frames], cursor: { seq, epoch }, last: fields.last };
}
