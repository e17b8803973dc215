import { type Refusal, refusal } from "./error.ts";

/**
 * Version of what a Worker and its objects say to each other: admissions and calls. During a gradual
 * deployment the two are of different releases. It is raised when the meaning of something changes;
 * an optional field or a further method changes nothing.
 */
export const INNER_VERSION = 2;

/** What release 0.1.0 spoke, which said no version. */
const UNTOLD_VERSION = 1;

/** What a client is told when the two ends cannot work together: a deployment comes to its end. */
export const DEPLOYMENT_UNDER_WAY: Refusal = refusal(
  "internal",
  "A deployment is under way, and this room runs another release yet. Try again.",
  5_000,
);

/**
 * Why the two ends cannot work together: they are more than one version apart. `undefined` when they
 * can. Retryable, for a deployment comes to its end.
 *
 * @param version what the other end says it speaks.
 */
export function refuseVersion(version: number = UNTOLD_VERSION): Refusal | undefined {
  return Math.abs(version - INNER_VERSION) <= 1 ? undefined : DEPLOYMENT_UNDER_WAY;
}
