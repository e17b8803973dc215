import { bodySchemas } from "../../protocol/http-body-schema.ts";
import { type Mounted, WHOLE } from "../deployment.ts";
import { answersOf } from "./answers.ts";
import { SchemaWriter } from "./json-schema.ts";
import type { Operation } from "./operation.ts";
import { reauthorization } from "./operations/reauthorization.ts";
import { OPERATIONS } from "./operations.ts";
import { OWN_TAG, ownOperations } from "./own-operations.ts";
import { REFUSAL_EXAMPLES } from "./refusals.ts";
import { parametersOf, requestBodyOf } from "./request.ts";
import { SECURITY_SCHEMES, securityOf } from "./security.ts";
import { TAGS } from "./tag.ts";

const DESCRIPTION = `Rooms, inboxes and topics over HTTP. Each is an ordered log of events, and
whoever reads it keeps a cursor, \`epoch\` and \`seq\`, that is the same in every way to read.

Every error is \`{"error": {"code", "message", "retryable", "retryAfterMs"?}}\`. Fields and query
parameters that are not known are ignored. Lengths count UTF-16 code units.`;

/** The description of the HTTP API, from the very schemas that check it. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly [part: string]: unknown;
}

/** Builds the document (OpenAPI 3.1) for a deployment, and its bound on a message's length. */
export function openApiDocument(
  version: string,
  contentChars: number,
  { base, contracts, authorizes }: Mounted = WHOLE,
): OpenApiDocument {
  const schemas = new SchemaWriter();
  const bodies = bodySchemas(contentChars);
  const paths: Record<string, Record<string, object>> = {};
  const own = [...contracts.values()].flatMap((contract) => ownOperations(contract, schemas));
  const asked = authorizes ? reauthorization : [];
  for (const told of [...OPERATIONS, ...asked, ...own]) {
    const operation = authorizes ? maybeUnavailable(told) : told;
    const path = templateOf(operation.path);
    paths[path] = {
      ...paths[path],
      [operation.method]: {
        operationId: operation.id,
        tags: [operation.tag],
        summary: operation.summary,
        description: operation.description,
        security: securityOf(operation.access),
        parameters: parametersOf(operation, schemas),
        ...requestBodyOf(operation, bodies, schemas),
        responses: answersOf(operation, schemas),
      },
    };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Hibiki",
      version,
      description: DESCRIPTION,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: base || "/" }],
    tags: Object.entries(TAGS)
      .filter(([name]) => name !== OWN_TAG || own.length > 0)
      .map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: schemas.components,
      examples: REFUSAL_EXAMPLES,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

/** The rule on who may be in a room is asked before whatever a user does there. */
function maybeUnavailable(operation: Operation): Operation {
  const { access, errors } = operation;
  const isAsked = access === "user" && errors.includes("access_denied");
  return isAsked ? { ...operation, errors: [...errors, "unavailable"] } : operation;
}

/** `/rooms/:room` as OpenAPI writes it: `/rooms/{room}`. */
function templateOf(path: Operation["path"]): string {
  return path.replaceAll(/:(\w+)/g, "{$1}");
}
