import { TOPIC_PREFIX } from "../../protocol/room-kind.ts";
import { roomNameFault } from "../../protocol/room-name.ts";

/** What is watched when the address does not say: what `npm run example:metrics` publishes. */
export const EXAMPLE_TOPIC = "metrics";

/** The parameter of an address's query that names a topic. */
export const TOPIC_PARAMETER = TOPIC_PREFIX;

const PREFIX = `${TOPIC_PREFIX}:`;

/** The topic that an address's query names, without `topic:`; `undefined` for what is no topic. */
export function topicOf(search: string): string | undefined {
  const asked = new URLSearchParams(search).get(TOPIC_PARAMETER) || EXAMPLE_TOPIC;
  const topic = asked.startsWith(PREFIX) ? asked.slice(PREFIX.length) : asked;
  return topic !== "" && roomNameFault(PREFIX + topic) === undefined ? topic : undefined;
}
