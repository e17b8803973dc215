import { notificationsQuerySchema } from "../../../protocol/http.ts";
import { notificationPageSchema } from "../../../protocol/http-answer-schema.ts";
import { frameOperation } from "../frame-operation.ts";
import type { Operation } from "../operation.ts";
import { ANSWER_HEADERS, ERRORS, json, PARAMS, QUERIES } from "../parts.ts";
import { SAMPLE, SAMPLE_NOTIFICATION } from "../sample.ts";

const PATH = { params: { userId: SAMPLE.userId } };
const { type, title, body, url } = SAMPLE_NOTIFICATION;
const PAGE = {
  notifications: [SAMPLE_NOTIFICATION],
  unread: 1,
  epoch: SAMPLE.epoch,
  seq: 1,
  hasMore: false,
} as const;

/** A user's inbox. */
export const notifications: readonly Operation[] = [
  frameOperation("notify", {
    id: "notify",
    tag: "Notifications",
    summary: "Notify someone",
    description: "Answers when it is on disk; every device of the user hears of it at once.",
    errors: [
      ...ERRORS.always,
      "unauthorized",
      "token_expired",
      "access_denied",
      "conflict",
      "too_large",
      "rate_limited",
    ],
    examples: [
      {
        ...PATH,
        name: "paid",
        summary: "An invoice was paid",
        headers: { "Idempotency-Key": "invoice-7" },
        body: { type, title, body, url },
        status: 201,
        answer: { savedId: 1 },
      },
      {
        ...PATH,
        name: "repeated",
        summary: "The same again, after a timeout",
        headers: { "Idempotency-Key": "invoice-7" },
        body: { type, title, body, url },
        status: 200,
        answer: { savedId: 1, duplicate: true },
      },
    ],
  }),
  {
    id: "listNotifications",
    method: "get",
    path: "/v1/users/:userId/notifications",
    tag: "Notifications",
    summary: "Read a page of an inbox",
    description:
      "One's own, oldest first: the newest page, or the one `before` a seq. A notification of type `mention` or `reply` is a room's own: its title is fixed words, and its `data` says `{room, seq, userId, userName}`.",
    access: "user",
    params: PARAMS.inbox,
    query: notificationsQuerySchema.safeExtend(QUERIES.as.shape),
    answers: [
      json(200, "The page, and how many are unread in all.", notificationPageSchema, {
        "Cache-Control": ANSWER_HEADERS.revalidate,
      }),
    ],
    errors: ERRORS.room,
    examples: [
      { ...PATH, name: "newest", summary: "The newest", status: 200, answer: PAGE },
      {
        ...PATH,
        name: "unread",
        summary: "Only the unread",
        query: { unread: "true", limit: "20" },
        status: 200,
        answer: PAGE,
      },
    ],
  },
];
