import { roomNameFault } from "../../protocol/room-name.ts";

/** What is watched when the address does not say: what `npm run example:metrics` publishes. */
export const EXAMPLE_TOPIC = "metrics";

const PREFIX = "topic:";

/** The topic that an address's query names, without `topic:`; `undefined` for what is no topic. */
export function topicOf(search: string): string | undefined {
  const asked = new URLSearchParams(search).get("topic") || EXAMPLE_TOPIC;
  const topic = asked.startsWith(PREFIX) ? asked.slice(PREFIX.length) : asked;
  return topic !== "" && roomNameFault(PREFIX + topic) === undefined ? topic : undefined;
}
