import { type ErrorCode, RealtimeError, type StatusReason } from "../client/index.ts";
import type { Handle } from "./held.ts";

const errors = new WeakMap<StatusReason, RealtimeError>();

/** Why a room is closed for good; `undefined` while it is not, and where somebody left it. */
export function closedError({ status, reason }: Handle): RealtimeError | undefined {
  if (status !== "closed" || reason === undefined) return undefined;
  const known = errors.get(reason);
  if (known !== undefined) return known;
  const { code, message, cause } = reason;
  // It is the server's word, or the SDK's own, and final.
  const refused = { code: code as ErrorCode, message, retryable: false };
  const error = RealtimeError.refused(refused, { cause });
  errors.set(reason, error);
  return error;
}
