import { documentPageSchema } from "../../../protocol/http-answer-schema.ts";
import { frameOperation } from "../frame-operation.ts";
import type { Operation } from "../operation.ts";
import { ANSWER_HEADERS, CONDITIONAL, conditionally, ERRORS, PARAMS, QUERIES } from "../parts.ts";
import { SAMPLE } from "../sample.ts";

const PATH = { params: { room: "document:notes" } };
const CHANGES = [{ insert: "Hello", at: 0 }];

/** Documents in JSON, for those who change them without Yjs. */
export const changes: readonly Operation[] = [
  frameOperation("document_change", {
    id: "changeDocument",
    tag: "Documents",
    summary: "Change a document",
    description:
      "On top of all the changes that it has: `version` is how many that were. Whoever lacks some is " +
      "refused with `conflict`, fetches them by a poll, and builds on them.",
    errors: [...ERRORS.kind, "conflict", "too_large"],
    examples: [
      {
        ...PATH,
        name: "changed",
        summary: "The first change of a document",
        headers: { "Idempotency-Key": "change-1" },
        body: { version: 0, changes: CHANGES },
        status: 201,
        answer: { savedId: 1, version: 1 },
      },
      {
        ...PATH,
        name: "repeated",
        summary: "The same again, after a timeout",
        headers: { "Idempotency-Key": "change-1" },
        body: { version: 0, changes: CHANGES },
        status: 200,
        answer: { savedId: 1, version: 1, duplicate: true },
      },
    ],
  }),
  {
    id: "readDocument",
    method: "get",
    path: "/v1/rooms/:room/snapshot",
    tag: "Documents",
    summary: "Read a document's newest snapshot",
    description:
      "`version` is how many changes the document has. Those after the snapshot come by a poll with " +
      "`since`, the snapshot's version or 0, and this `epoch`.",
    access: "user",
    params: PARAMS.room,
    query: QUERIES.as,
    headers: CONDITIONAL,
    answers: conditionally(
      { description: "The snapshot.", schema: documentPageSchema },
      "It is what one has.",
      ANSWER_HEADERS.revalidate,
    ),
    errors: ERRORS.kind,
    examples: [
      {
        ...PATH,
        name: "snapshot",
        summary: "A document with a change since",
        status: 200,
        answer: {
          version: 3,
          snapshot: { version: 2, snapshot: "Hello from the" },
          epoch: SAMPLE.epoch,
          seq: 3,
        },
      },
    ],
  },
  frameOperation("document_snapshot", {
    id: "storeSnapshot",
    tag: "Documents",
    summary: "Write a document down",
    description:
      "What it is after so many changes, as clients make it out: whoever comes is told this, and the " +
      "changes after it. Those before it need not be kept any more.",
    errors: [...ERRORS.kind, "conflict", "too_large"],
    examples: [
      {
        ...PATH,
        name: "stored",
        summary: "A document of one change",
        body: { version: 1, snapshot: "Hello" },
        status: 200,
        answer: { savedId: 1, version: 1 },
      },
    ],
  }),
];
