import * as z from "zod";
import { documentQuerySchema } from "../../../protocol/http.ts";
import { documentStatsSchema } from "../../../protocol/http-answer-schema.ts";
import type { Operation } from "../operation.ts";
import { ANSWER_HEADERS, ERRORS, json, PARAMS, QUERIES } from "../parts.ts";

const upgrade = z.object({
  Upgrade: z.literal("websocket").optional().meta({ description: "For the WebSocket." }),
  "Sec-WebSocket-Protocol": z.string().optional().meta({
    description: "`hibiki.yjs.v1`, and beside it `bearer.<jwt>` from browsers; or none.",
  }),
});

const DOCUMENT_ERRORS = [
  ...ERRORS.always,
  "unauthorized",
  "token_expired",
  "access_denied",
] as const;

const PATH = { params: { document: "notes" } };

/** Operations on Yjs documents. */
export const documents: readonly Operation[] = [
  {
    id: "openDocument",
    method: "get",
    path: "/v1/documents/:document",
    tag: "Documents",
    summary: "Open a Yjs document, or read it",
    description:
      "With an upgrade it is the WebSocket of y-websocket, for its stock client. It needs the grant " +
      "`read` for the room `document:<name>`, and `write` to change it. An upgrade that is refused is " +
      "accepted, told why by an auth message, and closed a second later. With `access=true` whoever may " +
      "only read is told so at once.\n\n" +
      "Without an upgrade it is the document as it is stored: with `as=update` one update with all of " +
      "it, in bytes, with `as=json` an object of its roots, with `as=text` one of its texts. For the " +
      "last two the server builds it, up to a size.",
    access: "user",
    params: PARAMS.document,
    query: documentQuerySchema.partial({ as: true }),
    headers: upgrade,
    answers: [
      { status: 101, description: "The socket is open." },
      {
        status: 200,
        description: "The document.",
        headers: { "Cache-Control": ANSWER_HEADERS.noStore },
        content: { type: "application/json", schema: z.record(z.string(), z.unknown()) },
        others: ["text/plain", "application/octet-stream"],
      },
    ],
    errors: [...DOCUMENT_ERRORS, "conflict", "too_large"],
    examples: [
      {
        ...PATH,
        name: "json",
        summary: "As JSON",
        query: { as: "json", roots: "text:text" },
        status: 200,
        answer: { text: "Hello" },
      },
      {
        ...PATH,
        name: "plain",
        summary: "As the stock client opens it",
        headers: { Upgrade: "websocket" },
        status: 101,
      },
    ],
  },
  {
    id: "putDocument",
    method: "put",
    path: "/v1/documents/:document",
    tag: "Documents",
    summary: "Merge an update into a Yjs document",
    description:
      "As if somebody had made this change: what is new of it is stored, and everybody who is there is " +
      "told. What is there stays; to begin anew, delete the document first. It is at most as large as " +
      "a frame may be.",
    access: "backend",
    params: PARAMS.document,
    query: QUERIES.as,
    bytes: "An update of Yjs (version 1), as `Y.encodeStateAsUpdate` makes it.",
    answers: [{ status: 204, description: "It is stored." }],
    errors: [...DOCUMENT_ERRORS, "too_large"],
    examples: [
      {
        ...PATH,
        name: "empty",
        summary: "An update in which there is nothing",
        body: "\u0000\u0000",
        status: 204,
      },
    ],
  },
  {
    id: "getDocumentStats",
    method: "get",
    path: "/v1/documents/:document/stats",
    tag: "Documents",
    summary: "See how a Yjs document is doing",
    description:
      "Its own numbers, since its first day, or since it woke where `METRICS` is not bound. Needs `moderate`.",
    access: "user",
    params: PARAMS.document,
    query: QUERIES.as,
    answers: [
      json(200, "The numbers.", documentStatsSchema, { "Cache-Control": ANSWER_HEADERS.noStore }),
    ],
    errors: DOCUMENT_ERRORS,
    examples: [
      {
        ...PATH,
        name: "numbers",
        summary: "A document with two who write",
        status: 200,
        answer: {
          connections: 2,
          users: 2,
          storedBytes: 61_440,
          peak: 3,
          edits: 420,
          frames: 1_300,
          bytes: { in: 96_000, out: 180_000 },
          folds: 1,
          quarantined: 0,
          connects: { yjs: 5 },
          disconnects: { "1000": { clean: 3, abnormal: 0 } },
          refusals: { access_denied: 1 },
          ruleFailures: {},
        },
      },
    ],
  },
  {
    id: "deleteDocument",
    method: "delete",
    path: "/v1/documents/:document",
    tag: "Documents",
    summary: "Delete a Yjs document",
    description:
      "Ends every connection, for good, with the close code 4403 after an auth message that says " +
      "`deleted`, and erases everything. A client that was offline and comes back later writes what it " +
      "has anew: take its grant away first. Also when there is no such document.",
    access: "backend",
    params: PARAMS.document,
    query: QUERIES.as,
    answers: [{ status: 204, description: "There is nothing under this name any more." }],
    errors: DOCUMENT_ERRORS,
    examples: [
      {
        params: { document: "done" },
        name: "deleted",
        summary: "A document that is done",
        status: 204,
      },
    ],
  },
];
