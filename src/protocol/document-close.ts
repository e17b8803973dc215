import type { Close } from "./close.ts";
import { CLOSE_CODES } from "./close-code.ts";
import type { ErrorCode } from "./error.ts";
import { closeCodeFor } from "./refusal-close.ts";

/**
 * Close codes that the y-websocket wire alone has (P17.9). Its stock client never comes back after 4400 to
 * 4499, and does after any other code: so these are not those of rooms, whose 4408 and 4429 mean "come back".
 */
export const DOCUMENT_CLOSE_CODES = {
  /** Come back, and be sent what you lack. */
  comeBack: 1013,
  /** Not 1009: a stock client would come back and send the same, for ever. */
  tooLarge: 4413,
} as const;

const { comeBack, tooLarge } = DOCUMENT_CLOSE_CODES;

/** Errors that end otherwise than in a room. */
const OTHERWISE: Readonly<Partial<Record<ErrorCode, number>>> = {
  rate_limited: comeBack,
  too_many_connections: comeBack,
  unavailable: comeBack,
  too_large: tooLarge,
};

/** How whoever is refused with an error is closed; the reason is the error's code. */
export function documentCloseFor(error: ErrorCode): Close {
  const code = OTHERWISE[error] ?? closeCodeFor(error);
  return { code, reason: error, clean: code !== CLOSE_CODES.internal.code };
}

/** Whether a client that is closed so should come back by itself. */
export function isToComeBack({ code }: Pick<Close, "code">): boolean {
  return code < 4400 || code > 4499;
}
