import { ProtocolError } from "../protocol/error.ts";
import { DEPLOYMENT_UNDER_WAY } from "../protocol/inner-version.ts";

const TRIES = 3;
const BACKOFF_MS = 50;

/**
 * Calls an object, and again with a new stub when the platform says that helps (an object that is
 * being moved). An overloaded one is never called again: that would make it worse. During a deployment
 * it may be one of older code.
 *
 * @param what it is, as a refusal begins: "The room".
 * @throws {ProtocolError} `rate_limited` when it is overloaded, `internal` when it is of older code.
 */
export async function callObject<Stub, T>(
  what: string,
  stub: () => Stub,
  call: (stub: Stub) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call(stub());
    } catch (error) {
      if (hasFlag(error, "overloaded")) {
        const message = `${what} is overloaded. Try again later.`;
        throw new ProtocolError("rate_limited", message, 1_000);
      }
      if (lacksMethod(error)) throw ProtocolError.of(DEPLOYMENT_UNDER_WAY);
      if (tries === TRIES || !hasFlag(error, "retryable")) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * BACKOFF_MS * 2 ** tries));
    }
  }
}

function hasFlag(error: unknown, flag: "overloaded" | "retryable"): boolean {
  return error instanceof Error && Reflect.get(error, flag) === true;
}

/** Whether an object of older code was asked for what it does not know (wording of workerd, 2026-11). */
function lacksMethod(error: unknown): boolean {
  return error instanceof TypeError && error.message.includes("does not implement the method");
}
