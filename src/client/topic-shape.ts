import { type KindShapes, matches } from "./frame-shape.ts";

/** What a topic brings that no other room does: the newest value of each event, by its name. */
export const TOPIC_SHAPES: KindShapes = {
  greeting: { "topic:": { last: areValues } },
  payloads: {},
};

function areValues(last: unknown): boolean {
  const values = matches(last, {}) ? Object.values(Object(last)) : [undefined];
  return values.every((value) => matches(value, { data: "json", timestamp: "string" }));
}
