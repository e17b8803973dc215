import { notificationsQuerySchema } from "../../../protocol/http.ts";
import { notificationPageSchema, savedSchema } from "../../../protocol/http-answer-schema.ts";
import { notificationSchema } from "../../../protocol/notification-schema.ts";
import type { Operation } from "../operation.ts";
import { ANSWER_HEADERS, ERRORS, IDEMPOTENCY, PARAMS, QUERIES } from "../parts.ts";
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
  {
    id: "notify",
    method: "post",
    path: "/v1/users/:userId/notifications",
    tag: "Notifications",
    summary: "Notify someone",
    description: "Answers when it is on disk; every device of the user hears of it at once.",
    access: "backend",
    params: PARAMS.inbox,
    query: QUERIES.as,
    headers: IDEMPOTENCY,
    body: () => notificationSchema,
    answers: [
      {
        status: 201,
        description: "It is stored.",
        content: { type: "application/json", schema: savedSchema },
      },
      {
        status: 200,
        description: "It had been stored before.",
        content: { type: "application/json", schema: savedSchema },
      },
    ],
    errors: [
      ...ERRORS.always,
      "unauthorized",
      "token_expired",
      "access_denied",
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
  },
  {
    id: "listNotifications",
    method: "get",
    path: "/v1/users/:userId/notifications",
    tag: "Notifications",
    summary: "Read a page of an inbox",
    description: "One's own, oldest first: the newest page, or the one `before` a seq.",
    access: "user",
    params: PARAMS.inbox,
    query: notificationsQuerySchema.safeExtend(QUERIES.as.shape),
    answers: [
      {
        status: 200,
        description: "The page, and how many are unread in all.",
        headers: { "Cache-Control": ANSWER_HEADERS.revalidate },
        content: { type: "application/json", schema: notificationPageSchema },
      },
    ],
    errors: ERRORS.room.filter((code) => code !== "not_found"),
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
