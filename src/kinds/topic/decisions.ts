import { type Refusal, refusal } from "../../protocol/error.ts";
import { iso } from "../../protocol/iso.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { Telling } from "../../room/hooks/effect.ts";
import type { Command } from "../extension.ts";
import { publication } from "../publish.ts";
import type { topic } from "./contract.ts";
import type { TopicMemory } from "./topic-memory.ts";

const NOTHING: readonly Telling[] = [];

/** Tells a value to the others and keeps it, for whoever joins later. */
export function publishValue(
  command: Command<typeof topic, (typeof topic)["commands"]["publish"], TopicMemory>,
): Refusal | undefined {
  const { data: published, actor, now, memory, tx } = command;
  const { event, data } = published;
  if (!memory.hasRoomFor(event)) {
    const message = `A topic keeps ${BOUNDS.topicEvents} event names; reuse one of them.`;
    return refusal("conflict", message);
  }
  const value = { data, timestamp: iso(now) };
  tx.keep(() => {
    memory.take(event, value);
    return NOTHING;
  });
  tx.tell({ ...publication(published, actor, now), owedToNewcomers: true });
  tx.countReaders();
  return undefined;
}
