/** What plain chats need none of: a file of its own, fetched when it is first needed. */
export { Conflator } from "./conflator.ts";
export { InboxKind } from "./inbox-kind.ts";
export { TopicKind } from "./topic-kind.ts";
