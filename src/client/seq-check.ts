import { RealtimeError } from "./error.ts";

/** @throws {RealtimeError} `invalid_request` for what cannot be read up to. */
export function requireSeqs(what: number | readonly number[]): void {
  if ([what].flat().every((seq) => Number.isSafeInteger(seq) && seq >= 0)) return;
  throw RealtimeError.invalid("invalid_request", "A receipt is a whole number, from 0.");
}
