import { RealtimeError } from "./error.ts";

/**
 * What fetches pages of history: a file of its own, because many applications never ask for one.
 *
 * @throws {RealtimeError} `unreachable` when that file cannot be had.
 */
export async function loadPages() {
  try {
    return await import("./page.ts");
  } catch (cause) {
    const message = "The code for it could not be fetched.";
    throw RealtimeError.local("unreachable", message, { cause });
  }
}
