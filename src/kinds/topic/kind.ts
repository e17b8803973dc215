import { eventFrame } from "../../room/log/event-frame.ts";
import { type Extension, extendedKind } from "../extension.ts";
import { TOPIC_ARCHIVE } from "./archive.ts";
import { topic } from "./contract.ts";
import { publishValue } from "./decisions.ts";
import { SqlLastValues } from "./sql-last-values.ts";
import { TopicMemory } from "./topic-memory.ts";

const EXTENSION: Extension<typeof topic, TopicMemory> = {
  presence: false,
  address: {
    title: "A topic",
    room: `${topic.prefix}:{topic}`,
    parameters: { topic: { description: "What is watched." } },
  },
  log: { frame: eventFrame },
  archive: TOPIC_ARCHIVE,
  open: ({ store }) => new TopicMemory(new SqlLastValues(store.tables)),
  decide: { publish: publishValue },
};

/** Rooms of values that change, for dashboards. Those who watch come and go by the thousands. */
export const TOPIC = extendedKind(topic, {}, EXTENSION);
