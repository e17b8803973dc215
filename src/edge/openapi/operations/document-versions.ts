import {
  versionBodySchema,
  versionLabelSchema,
  versionsQuerySchema,
} from "../../../protocol/http.ts";
import {
  documentVersionSchema,
  restoredVersionSchema,
  versionPageSchema,
} from "../../../protocol/http-answer-schema.ts";
import type { Operation } from "../operation.ts";
import { ANSWER_HEADERS, ERRORS, json, PARAMS, QUERIES } from "../parts.ts";
import { SAMPLE } from "../sample.ts";

const VERSION_ERRORS = [
  ...ERRORS.always,
  "unauthorized",
  "token_expired",
  "access_denied",
] as const;

const PATH = { params: { document: "versioned" } };
const VERSION = { id: 1, at: SAMPLE.timestamp, by: SAMPLE.userId, label: "First draft" };

/** Operations on versions of Yjs documents. */
export const documentVersions: readonly Operation[] = [
  {
    id: "listVersions",
    method: "get",
    path: "/v1/documents/:document/versions",
    tag: "Documents",
    summary: "List a document's versions",
    description:
      "What the document was, the newest first: versions that somebody asked for, and those that come " +
      "by themselves while it is written to, at most one an hour. It needs the grant `read`.",
    access: "user",
    params: PARAMS.document,
    query: versionsQuerySchema,
    answers: [
      json(200, "A page of them.", versionPageSchema, {
        "Cache-Control": ANSWER_HEADERS.noStore,
      }),
    ],
    errors: VERSION_ERRORS,
    examples: [
      {
        ...PATH,
        name: "one",
        summary: "A document with one version",
        status: 200,
        answer: { versions: [VERSION], hasMore: false },
      },
    ],
  },
  {
    id: "createVersion",
    method: "post",
    path: "/v1/documents/:document/versions",
    tag: "Documents",
    summary: "Keep a version of a document",
    description:
      "Of the document as it is now, with all that was written before. It needs the grant `write`. Of " +
      "versions with a label, of others, and of those that came by themselves, 100 each are kept: the " +
      "oldest go first, but with a label none goes.",
    access: "user",
    params: PARAMS.document,
    query: QUERIES.as,
    body: () => versionBodySchema,
    answers: [json(201, "It is kept.", documentVersionSchema)],
    errors: [...VERSION_ERRORS, "conflict", "too_large"],
    examples: [
      {
        ...PATH,
        name: "draft",
        summary: "With a label",
        body: { label: "First draft" },
        status: 201,
        answer: VERSION,
      },
    ],
  },
  {
    id: "labelVersion",
    method: "patch",
    path: "/v1/documents/:document/versions/:id",
    tag: "Documents",
    summary: "Label a version",
    description:
      "Gives it another label, or takes it off with `null`: then it goes when it is old. It needs the " +
      "grant `write`.",
    access: "user",
    params: PARAMS.version,
    query: QUERIES.as,
    body: () => versionLabelSchema,
    answers: [json(200, "It is called so.", documentVersionSchema)],
    errors: [...VERSION_ERRORS, "not_found", "too_large"],
    examples: [
      {
        params: { ...PATH.params, id: "1" },
        name: "renamed",
        summary: "Another label",
        body: { label: "First draft" },
        status: 200,
        answer: VERSION,
      },
    ],
  },
  {
    id: "restoreVersion",
    method: "post",
    path: "/v1/documents/:document/versions/:id/restore",
    tag: "Documents",
    summary: "Restore a version",
    description:
      "Makes the document what it was, by a change like any other: everybody stays connected and sees " +
      "it, and what somebody wrote offline and brings later is kept. What the document was before is kept as a " +
      "version. It needs the grant `write`.",
    access: "user",
    params: PARAMS.version,
    query: QUERIES.as,
    answers: [json(200, "The document is as it was.", restoredVersionSchema)],
    errors: [...VERSION_ERRORS, "not_found", "conflict", "too_large"],
    examples: [
      {
        params: { ...PATH.params, id: "1" },
        name: "back",
        summary: "Back to the first draft",
        status: 200,
        answer: { changed: true },
      },
    ],
  },
];
