import { deferred } from "./deferred.ts";
import type { Environment } from "./environment.ts";

/** Timers take 31 bits of milliseconds; platforms run longer ones at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How long a caller waits, at most; for ever when neither is given. */
export interface Deadline {
  /** Gives it up from outside. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds from now. */
  readonly timeoutMs?: number | undefined;
}

/** Which of the two came. */
export type DeadlineCode = "timeout" | "aborted";

/** The promise, or what `expired` makes of a deadline that comes first. */
export function within<T>(
  environment: Environment,
  promise: T | Promise<T>,
  { signal, timeoutMs }: Deadline,
  expired: (code: DeadlineCode, cause: unknown) => Error,
): Promise<T> {
  const late = deferred<never>();
  const abort = () => late.reject(expired("aborted", signal?.reason));
  const cancel =
    timeoutMs === undefined || timeoutMs > LONGEST_TIMER_MS
      ? () => {}
      : environment.after(timeoutMs, () => late.reject(expired("timeout", undefined)));
  if (signal?.aborted === true) abort();
  else signal?.addEventListener("abort", abort);
  return Promise.race([promise, late.promise]).finally(() => {
    cancel();
    signal?.removeEventListener("abort", abort);
  });
}
