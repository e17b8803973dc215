import { learnShapes } from "./frame-shape.ts";
import { INBOX_SHAPES } from "./inbox-shape.ts";
import { TOPIC_SHAPES } from "./topic-shape.ts";

/** What plain chats need none of: a file of its own, fetched when it is first needed. */
export { Conflator } from "./conflator.ts";
export { InboxKind } from "./inbox-kind.ts";
export { TopicKind } from "./topic-kind.ts";

/** Has what such rooms bring understood; to be called before one is entered, as often as one is. */
export function learnOtherKinds(): void {
  for (const shapes of [INBOX_SHAPES, TOPIC_SHAPES]) learnShapes(shapes);
}
