import { closeOf } from "../protocol/close-code.ts";
import type { Refusal } from "../protocol/error.ts";
import type { StatusReason } from "./room-event.ts";

/**
 * Why a connection ended: what the server said last, if that was an error, else what its close code
 * stands for.
 */
export function closeReason(code: number, lastWord: Refusal | undefined): StatusReason {
  if (lastWord !== undefined) return { code: lastWord.code, message: lastWord.message };
  return {
    code: closeOf(code).error,
    message: `The connection was lost (close code ${code}).`,
  };
}
