import { historyQuerySchema } from "../../../protocol/http.ts";
import { messagePageSchema } from "../../../protocol/http-answer-schema.ts";
import { frameOperation } from "../frame-operation.ts";
import type { Operation } from "../operation.ts";
import { ANSWER_HEADERS, CONDITIONAL, conditionally, ERRORS, PARAMS, QUERIES } from "../parts.ts";
import { SAMPLE, SAMPLE_MESSAGE } from "../sample.ts";

const CURSOR = { epoch: SAMPLE.epoch, seq: 2 };
const MESSAGES = [SAMPLE_MESSAGE, { seq: 2, deleted: true }] as const;
const PATH = { params: { room: SAMPLE.room } };

/** What was said in a room. */
export const messages: readonly Operation[] = [
  {
    id: "listMessages",
    method: "get",
    path: "/v1/rooms/:room/messages",
    tag: "Messages",
    summary: "Read a page of history",
    description:
      "The newest page, or the one `before` or `after` a seq, oldest message first. Messages are " +
      "in their present state: edited, with reactions, deleted ones as such.",
    access: "user",
    params: PARAMS.room,
    query: historyQuerySchema.safeExtend(QUERIES.as.shape),
    headers: CONDITIONAL,
    answers: conditionally(
      { description: "The page.", schema: messagePageSchema },
      "The page is what one has.",
      ANSWER_HEADERS.revalidate,
    ),
    errors: ERRORS.kind,
    examples: [
      {
        ...PATH,
        name: "newest",
        summary: "The newest messages",
        status: 200,
        answer: { messages: MESSAGES, ...CURSOR, hasMore: false },
      },
      {
        ...PATH,
        name: "older",
        summary: "The page before one",
        query: { before: "2", limit: "20" },
        status: 200,
        answer: { messages: [SAMPLE_MESSAGE], ...CURSOR, hasMore: false },
      },
      {
        ...PATH,
        name: "newer",
        summary: "The page after one",
        query: { after: "1", limit: "20" },
        status: 200,
        answer: { messages: [{ seq: 2, deleted: true }], ...CURSOR, hasMore: false },
      },
    ],
  },
  frameOperation("send_message", {
    id: "sendMessage",
    tag: "Messages",
    summary: "Say something",
    description:
      "Answers when the message is on disk. A backend says it on a user's behalf, with `as`. The " +
      "key that makes it sent once is the header's, or else the body's `messageId`. A mention reaches " +
      "people whom the room knows (they are here, or have read or written here), anybody when the " +
      "backend sends it; more people in a minute than a sender may tell is `rate_limited`.",
    errors: [...ERRORS.kind, "conflict", "too_large"],
    examples: [
      {
        ...PATH,
        name: "said",
        summary: "A message",
        headers: { "Idempotency-Key": "hello-1" },
        body: { content: "Hello from the edge" },
        status: 201,
        answer: { savedId: 1 },
      },
      {
        ...PATH,
        name: "repeated",
        summary: "The same again, after a timeout",
        headers: { "Idempotency-Key": "hello-1" },
        body: { content: "Hello from the edge" },
        status: 200,
        answer: { savedId: 1, duplicate: true },
      },
      {
        ...PATH,
        name: "reply",
        summary: "A reply that mentions someone, with data of the application's own",
        body: {
          content: "Welcome, @ben",
          replyTo: 1,
          mentions: ["ben"],
          data: { mood: "glad" },
          messageId: "welcome-1",
        },
        status: 201,
        answer: { savedId: 2 },
      },
      {
        ...PATH,
        name: "backend",
        summary: "A backend, on a user's behalf",
        query: { as: "shop" },
        headers: { "Idempotency-Key": "order-17" },
        body: { content: "Your order has shipped" },
        status: 201,
        answer: { savedId: 3 },
      },
      {
        ...PATH,
        name: "data",
        summary: "A message of data alone, as a vote or a stroke is one",
        body: { data: { poll: "lunch", vote: "soup" } },
        status: 201,
        answer: { savedId: 4 },
      },
    ],
  }),
  frameOperation("edit_message", {
    id: "editMessage",
    tag: "Messages",
    summary: "Change a message",
    description: "One's own alone: the grant `moderate` deletes, and does not edit.",
    errors: [...ERRORS.kind, "conflict", "too_large"],
    examples: [
      {
        name: "edited",
        summary: "Another wording",
        params: { room: SAMPLE.room, seq: "1" },
        body: { content: "Hello from the very edge" },
        status: 200,
        answer: { savedId: 4 },
      },
    ],
  }),
  frameOperation("delete_message", {
    id: "deleteMessage",
    tag: "Messages",
    summary: "Delete a message",
    description:
      "One's own, or any with the grant `moderate`. Its content, and that of its edits, is gone " +
      "from storage.",
    errors: [...ERRORS.kind, "conflict"],
    examples: [
      {
        name: "deleted",
        summary: "A message is taken back",
        params: { room: SAMPLE.room, seq: "2" },
        status: 200,
        answer: { savedId: 5 },
      },
    ],
  }),
  frameOperation("react", {
    id: "react",
    tag: "Messages",
    summary: "React to a message",
    description:
      "With an emoji, or take it back with `remove`. What changes nothing stores nothing, and is " +
      "answered with the `savedId` of the reaction that it repeats.",
    errors: [...ERRORS.kind, "conflict", "too_large"],
    examples: [
      {
        name: "liked",
        summary: "A heart",
        params: { room: SAMPLE.room, seq: "1" },
        body: { emoji: "❤️" },
        status: 200,
        answer: { savedId: 6 },
      },
      {
        name: "regretted",
        summary: "The heart is taken back",
        params: { room: SAMPLE.room, seq: "1" },
        body: { emoji: "❤️", remove: true },
        status: 200,
        answer: { savedId: 7 },
      },
    ],
  }),
];
