import type { ErrorCode, Refusal } from "../protocol/error.ts";
import { present } from "../protocol/present.ts";

/**
 * A code that only the SDK uses.
 * - `timeout`: there was no answer in the time that the caller, or the SDK for a page, had set.
 * - `aborted`: the caller's signal was aborted.
 * - `disconnected`: the room is closed: left, refused for good, or out of tries.
 * - `outbox_full`: too many frames wait for their acknowledgement already.
 * - `reset`: the room's log began anew, so the `seq` that a waiting frame names is void.
 * - `unreachable`: the HTTP request got no answer, or one that is not Hibiki's; or there is no WebSocket
 *   for a document.
 */
export type ClientErrorCode =
  | "timeout"
  | "aborted"
  | "disconnected"
  | "outbox_full"
  | "reset"
  | "unreachable";

/** Every code a {@link RealtimeError} may carry. */
export type RealtimeErrorCode = ErrorCode | ClientErrorCode;

/**
 * What became of a frame that the server did not answer: it was never transmitted, and will not be
 * (`not_sent`), or it was, and may be stored or not (`unknown`). Sending it again under the same
 * messageId, with the error's `sentAt`, stores it once either way.
 */
export type Outcome = "not_sent" | "unknown";

/** What may be known beside why. */
export interface Circumstances {
  readonly outcome?: Outcome | undefined;
  readonly sentAt?: number | undefined;
  /** What led to it. */
  readonly cause?: unknown;
}

/** Why something that was asked of the SDK did not happen. */
export class RealtimeError extends Error {
  override readonly name = "RealtimeError";
  declare readonly code: RealtimeErrorCode;
  /** Whether doing the same again later may succeed. */
  declare readonly retryable: boolean;
  /** How long to wait before that, in milliseconds, when the server said so. */
  declare readonly retryAfterMs?: number;
  /** What a team's own rules say beside a refusal. */
  declare readonly data?: unknown;
  /**
   * For what was to be stored, where the server did not refuse it, or refused it after an earlier
   * transmission that it had not answered.
   */
  declare readonly outcome?: Outcome;
  /** The `seq` at its first transmission: whoever sends it again later gives it, so that it is found. */
  declare readonly sentAt?: number;
  declare readonly cause?: unknown;

  private constructor(
    { code, message, retryable, retryAfterMs, data }: RefusalOf<RealtimeErrorCode>,
    circumstances?: Circumstances,
  ) {
    super(message);
    Object.assign(this, present({ code, retryable, retryAfterMs, data, ...circumstances }));
  }

  /** The server's own refusal. */
  static refused(refused: Refusal, circumstances?: Circumstances): RealtimeError {
    return new RealtimeError(refused, circumstances);
  }

  /** Refused by the SDK before it went out, as the server would have: the same again is no better. */
  static invalid(code: ErrorCode, message: string, circumstances?: Circumstances): RealtimeError {
    return new RealtimeError({ code, message, retryable: false }, circumstances);
  }

  /** A frame exceeds the bound that the server enforces by closing the connection. */
  static tooLarge(frameBytes: number, circumstances?: Circumstances): RealtimeError {
    const message = `A frame is at most ${frameBytes} bytes in this room.`;
    return RealtimeError.invalid("too_large", message, circumstances);
  }

  /** Something the SDK found out by itself. */
  static local(
    code: ClientErrorCode,
    message: string,
    circumstances?: Circumstances,
  ): RealtimeError {
    // A room that is closed stays so, and a log that began anew stays another one.
    const retryable = code !== "disconnected" && code !== "reset";
    return new RealtimeError({ code, message, retryable }, circumstances);
  }
}

type RefusalOf<Code> = Omit<Refusal, "code"> & { readonly code: Code };
