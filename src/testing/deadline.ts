import { DeadlineError } from "../objects/deadline.ts";
import type { Cancel } from "./virtual-clock.ts";

/**
 * Waits for an answer so many milliseconds at most, by a clock of the test's.
 *
 * @throws {DeadlineError} after that, and whatever the answer throws.
 */
export async function within<T>(
  { after }: { readonly after: (delayMs: number, run: () => void) => Cancel },
  ms: number,
  answer: Promise<T>,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const cancel = after(ms, () => late.reject(new DeadlineError(`No answer in ${ms} ms.`)));
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    cancel();
  }
}
