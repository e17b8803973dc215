import { z } from "zod";
import { healthSchema } from "../../../protocol/http-answer-schema.ts";
import { VERSION } from "../../version.ts";
import type { Operation } from "../operation.ts";
import { ANSWER_HEADERS, CONDITIONAL } from "../parts.ts";

/** This document, as far as it describes itself. */
const documentSchema = z.looseObject({
  openapi: z.literal("3.1.1"),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.looseObject({})),
});

/** How the system is, and what it can do. */
export const service: readonly Operation[] = [
  {
    id: "getHealth",
    method: "get",
    path: "/healthz",
    tag: "Operations",
    summary: "Whether it runs",
    description: "Answers without looking at settings or rooms.",
    access: "anyone",
    answers: [
      {
        status: 200,
        description: "It runs.",
        content: { type: "application/json", schema: healthSchema },
      },
    ],
    errors: [],
    examples: [
      {
        name: "healthy",
        summary: "It runs",
        status: 200,
        answer: { status: "ok", version: VERSION },
      },
    ],
  },
  {
    id: "getDocument",
    method: "get",
    path: "/openapi.json",
    tag: "Operations",
    summary: "This document",
    description: "Made from the schemas that check the requests, with this deployment's bounds.",
    access: "anyone",
    headers: CONDITIONAL,
    answers: [
      {
        status: 200,
        description: "The document.",
        headers: { ETag: ANSWER_HEADERS.etag },
        content: { type: "application/json", schema: documentSchema },
      },
      {
        status: 304,
        description: "It is what one has.",
        headers: { ETag: ANSWER_HEADERS.etag },
      },
    ],
    errors: [],
    examples: [
      {
        name: "document",
        summary: "The document",
        status: 200,
        answer: { openapi: "3.1.1", info: { title: "Hibiki", version: VERSION }, paths: {} },
      },
    ],
  },
];
