import { generatedAsyncApi } from "../edge/asyncapi/generated.ts";
import { assembled } from "./assembled.ts";
import type { Options } from "./options.ts";
import type { Realtime } from "./realtime.ts";

/**
 * Makes a deployment of the kinds of room that every one has and of a team's own. Called once, where
 * the Worker starts.
 *
 * @throws {TypeError} that names what is wrong with the options, and what to do.
 */
export function hibiki(options: Options = {}): Realtime {
  return assembled(options, generatedAsyncApi);
}
