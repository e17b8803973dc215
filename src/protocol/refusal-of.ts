import { ProtocolError, type Refusal } from "./error.ts";
import { OUR_FAULT } from "./refusals.ts";

/** What a client is told of something that was thrown. */
export function refusalOf(error: unknown): Refusal {
  return error instanceof ProtocolError ? error.refusal : OUR_FAULT;
}
