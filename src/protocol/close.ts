import { CLOSE_CODES, closeOf } from "./close-code.ts";
import { ERROR_CODES, type ErrorCode } from "./error.ts";
import { closeCodeFor } from "./refusal-close.ts";

/** How a connection is closed, by us or by its peer. */
export interface Close {
  readonly code: number;
  /** At most 123 bytes of UTF-8 (RFC 6455 §5.5). */
  readonly reason: string;
  /** False when the peer vanished, or we had to give it up. */
  readonly clean: boolean;
}

const { comingBack, done, internal, restart, accessDenied, heartbeatLost } = CLOSE_CODES;

/**
 * Every way in which we close a connection, but for those that a refusal ends: {@link closeFor}. Each
 * reason is the words of the close frame and of the log.
 */
export const CLOSES = {
  leftRoom: { code: done.code, reason: "left the room", clean: true },
  comingBack: { code: comingBack.code, reason: "coming back", clean: true },
  // Whoever gives way has lost no heartbeat, though the code is the same: its client backs off.
  gaveWay: { code: heartbeatLost.code, reason: "gave way to a newer one", clean: true },
  heartbeatLost: { code: heartbeatLost.code, reason: "heartbeat lost", clean: false },
  notReading: { code: heartbeatLost.code, reason: "not reading", clean: false },
  // Of whoever cannot prove to read: it comes back, and misses nothing.
  calledBack: {
    code: heartbeatLost.code,
    reason: "called back, to prove that it reads",
    clean: true,
  },
  deleted: { code: accessDenied.code, reason: "deleted", clean: true },
  refusedByRule: { code: accessDenied.code, reason: "refused by a rule", clean: true },
  // An import is the room's restart: those that were there come back at once, and what turns them
  // away until it is over is another matter, with a backoff of its own.
  importing: { code: restart.code, reason: "the room is being imported", clean: true },
  restart: { code: restart.code, reason: "restart", clean: true },
  failed: { code: internal.code, reason: "internal", clean: false },
  /** The platform tells of a broken socket without a close (RFC 6455 §7.4.1). */
  socketError: { code: 1006, reason: "socket error", clean: false },
  // An adapter in the Worker closes its own end of an inner socket.
  pollAnswered: { code: done.code, reason: "the poll is answered", clean: true },
  readerTooSlow: { code: done.code, reason: "the reader is too slow", clean: true },
  readerLeft: { code: done.code, reason: "the reader left", clean: true },
  roomGone: { code: done.code, reason: "the room is gone", clean: true },
} as const satisfies Readonly<Record<string, Close>>;

/** How whoever is refused is closed: the reason is the error's code, unless that is of a team's choice. */
export function closeFor(error: ErrorCode): Close {
  if (!Object.hasOwn(ERROR_CODES, error)) return CLOSES.refusedByRule;
  const code = closeCodeFor(error);
  return { code, reason: error, clean: code !== internal.code };
}

const NO_CODE = 1005;
const GOING_AWAY = 1001;
const MEANT: readonly number[] = [done.code, GOING_AWAY, NO_CODE];

/** Whether whoever was on a connection that ended so is not to be waited for (RFC 6455 §7.4.1). */
export function isForGood({ code, clean }: Pick<Close, "code" | "clean">): boolean {
  return (clean && MEANT.includes(code)) || closeOf(code).reconnect === "never";
}

const OURS: ReadonlySet<string> = new Set([
  ...Object.values(CLOSES).map(({ reason }) => reason),
  ...Object.keys(ERROR_CODES),
]);

/** Whether a reason is one of ours: a peer may word its close with a token or a message. */
export function isOurReason(reason: string): boolean {
  return OURS.has(reason);
}

/** Of 1000 to 4999, the codes that stand for what no close frame says (RFC 6455 §7.4.1). */
const NEVER_SENT: ReadonlySet<number> = new Set([1004, 1005, 1006, 1015]);
const PROTOCOL_ERROR = 1002;

/**
 * The code that answers a peer's close. One that may not be sent is answered by another: unanswered,
 * the peer's socket would stay open, and be counted by no limit.
 */
export function answerTo(code: number): number {
  if (code === NO_CODE) return done.code;
  return code >= 1000 && code <= 4999 && !NEVER_SENT.has(code) ? code : PROTOCOL_ERROR;
}
