/** An answer that did not come in time. What was asked may still happen. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/**
 * Waits for an answer, but not for ever: another object may hang, and who waits for it would too.
 *
 * @throws {DeadlineError} after `ms` milliseconds, and whatever the answer throws.
 */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new DeadlineError(`No answer in ${ms} ms.`)), ms);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
