import { deadLettersQuerySchema } from "../../../protocol/http.ts";
import { deadLetterPageSchema, resentSchema } from "../../../protocol/http-answer-schema.ts";
import type { Operation } from "../operation.ts";
import { ANSWER_HEADERS, ERRORS, json, PARAMS, QUERIES } from "../parts.ts";
import { SAMPLE } from "../sample.ts";

const ROOM_ERRORS = [...ERRORS.always, "unauthorized", "token_expired", "access_denied"] as const;

const PATH = { params: { room: SAMPLE.room } };

/** What a room has given up. */
export const deadLetters: readonly Operation[] = [
  {
    id: "getDeadLetters",
    method: "get",
    path: "/v1/rooms/:room/dead-letters",
    tag: "Operations",
    summary: "See what a room has given up",
    description:
      "Messages of webhooks, `after` rules, notices and timers that nobody took for a day, or that were " +
      "refused for good; the newest first. A room keeps a thousand of them, of at most 4 MiB.",
    access: "backend",
    params: PARAMS.room,
    query: deadLettersQuerySchema.extend(QUERIES.as.shape),
    answers: [
      json(200, "A page of them.", deadLetterPageSchema, {
        "Cache-Control": ANSWER_HEADERS.noStore,
      }),
    ],
    errors: ROOM_ERRORS,
    examples: [
      {
        ...PATH,
        name: "one",
        summary: "A webhook that did not want a message",
        status: 200,
        answer: {
          deadLetters: [
            {
              id: 1,
              carrier: "webhook",
              recipient: "tickets",
              name: "new_message",
              key: `${SAMPLE.epoch}#1`,
              seq: 1,
              reason: "invalid_request",
              storedAt: SAMPLE.timestamp,
              givenUpAt: SAMPLE.later,
            },
          ],
          count: 1,
          hasMore: false,
        },
      },
    ],
  },
  {
    id: "resendDeadLetter",
    method: "post",
    path: "/v1/rooms/:room/dead-letters/:id/resend",
    tag: "Operations",
    summary: "Send again what a room has given up",
    description:
      "Under the same key, behind what waits for the same recipient, for another day. A timer is run " +
      "at once; where another of its name waits by now, that is a `conflict`.",
    access: "backend",
    params: PARAMS.deadLetter,
    query: QUERIES.as,
    answers: [json(200, "It is on its way.", resentSchema)],
    errors: [...ROOM_ERRORS, "not_found", "conflict"],
    examples: [
      {
        name: "again",
        summary: "The endpoint is back",
        params: { ...PATH.params, id: "1" },
        status: 200,
        answer: { resent: 1 },
      },
    ],
  },
  {
    id: "resendDeadLetters",
    method: "post",
    path: "/v1/rooms/:room/dead-letters/resend",
    tag: "Operations",
    summary: "Send again all that a room has given up",
    description: "The oldest first. Timers of whose name another one waits stay where they are.",
    access: "backend",
    params: PARAMS.room,
    query: QUERIES.as,
    answers: [json(200, "They are on their way.", resentSchema)],
    errors: ROOM_ERRORS,
    examples: [
      { ...PATH, name: "all", summary: "All of them", status: 200, answer: { resent: 12 } },
    ],
  },
];

/** The same of a Yjs document, which gives up what it told of its versions, and has no timers. */
export const documentDeadLetters: readonly Operation[] = deadLetters.map((operation) => {
  const isOne = operation.params === PARAMS.deadLetter;
  return {
    ...operation,
    id: operation.id.replace("DeadLetter", "DocumentDeadLetter"),
    path: operation.path.replace("/rooms/:room/", "/documents/:document/"),
    summary: operation.summary.replace("a room", "a Yjs document"),
    params: isOne ? PARAMS.documentDeadLetter : PARAMS.document,
    errors: operation.errors.filter((code) => (isOne ? code !== "conflict" : code !== "not_found")),
    examples: operation.examples.map((example) => ({
      ...example,
      params: { document: "versioned", ...(isOne ? { id: "1" } : {}) },
    })),
  };
});
