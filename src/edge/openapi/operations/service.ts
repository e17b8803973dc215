import * as z from "zod";
import { healthSchema } from "../../../protocol/http-answer-schema.ts";
import { VERSION } from "../../version.ts";
import type { Operation } from "../operation.ts";
import { ANSWER_HEADERS, CONDITIONAL, conditionally, json } from "../parts.ts";

/** This document, as far as it describes itself. */
const documentSchema = z.looseObject({
  openapi: z.literal("3.1.1"),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.looseObject({})),
});

/** The document of the frames. */
const framesSchema = z.looseObject({
  asyncapi: z.literal("3.0.0"),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  channels: z.record(z.string(), z.looseObject({})),
  operations: z.record(z.string(), z.looseObject({})),
});

const EXPOSITION = `# HELP hibiki_connections Open connections.
# TYPE hibiki_connections gauge
hibiki_connections 3
`;

/** How the system is, and what it can do. */
export const service: readonly Operation[] = [
  {
    id: "getHealth",
    method: "get",
    path: "/healthz",
    tag: "Operations",
    summary: "Whether it runs",
    description:
      "Answers without looking at rooms. A deployment whose settings cannot be read is not well: the message names them.",
    access: "anyone",
    answers: [json(200, "It runs.", healthSchema)],
    errors: ["not_configured"],
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
    id: "getMetrics",
    method: "get",
    path: "/v1/metrics",
    tag: "Operations",
    summary: "Metrics of all rooms, for Prometheus",
    description:
      "The text exposition format. Only where `METRICS` is bound and `METRICS_REPORT_MS` is not 0.",
    access: "backend",
    answers: [
      {
        status: 200,
        description: "The numbers.",
        headers: { "Cache-Control": ANSWER_HEADERS.noStore },
        content: { type: "text/plain" },
      },
    ],
    errors: ["unauthorized", "not_found", "rate_limited", "internal", "not_configured"],
    examples: [
      {
        name: "exposition",
        summary: "The first lines",
        status: 200,
        answer: EXPOSITION,
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
    answers: conditionally(
      { description: "The document.", schema: documentSchema },
      "It is what one has.",
      ANSWER_HEADERS.askAgain,
    ),
    errors: [],
    examples: [
      {
        name: "description",
        summary: "The document",
        status: 200,
        answer: { openapi: "3.1.1", info: { title: "Hibiki", version: VERSION }, paths: {} },
      },
    ],
  },
  {
    id: "getFrames",
    method: "get",
    path: "/asyncapi.json",
    tag: "Operations",
    summary: "The frames of WebSockets and event streams",
    description: "AsyncAPI, made from the schemas that check them, with this deployment's bounds.",
    access: "anyone",
    headers: CONDITIONAL,
    answers: conditionally(
      { description: "The document.", schema: framesSchema },
      "It is what one has.",
      ANSWER_HEADERS.askAgain,
    ),
    errors: [],
    examples: [
      {
        name: "description",
        summary: "The document",
        status: 200,
        answer: {
          asyncapi: "3.0.0",
          info: { title: "Hibiki", version: VERSION },
          channels: {},
          operations: {},
        },
      },
    ],
  },
];
