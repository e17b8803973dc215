/** The kinds of room that are no chats: a file of their own, fetched with the first of them. */
export { InboxKind } from "./inbox-kind.ts";
export { TopicKind } from "./topic-kind.ts";
