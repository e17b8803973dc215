import type { JsonSchema } from "../../kinds/json-schema.ts";
import { ERROR_CODES, type ErrorCode, type Refusal, refusal } from "../../protocol/error.ts";
import { errorAnswerSchema } from "../../protocol/error-schema.ts";
import {
  AUTHORIZE_UNAVAILABLE,
  KEY_TAKEN,
  NO_TOKEN,
  NOTHING_HERE,
  OUR_FAULT,
  ROOM_FULL,
  TOKEN_EXPIRED,
} from "../../protocol/refusals.ts";
import type { SchemaWriter } from "./json-schema.ts";

/** What each code that HTTP can answer looks like. */
const EXAMPLES: Readonly<Partial<Record<ErrorCode, Refusal>>> = {
  invalid_request: refusal("invalid_request", "limit: must be a whole number"),
  unauthorized: NO_TOKEN,
  token_expired: TOKEN_EXPIRED,
  access_denied: refusal("access_denied", 'This needs the grant "write" for the room.'),
  banned: refusal("banned", "You are banned from this room until 2027-01-01T00:00:00.000Z."),
  not_found: NOTHING_HERE,
  conflict: KEY_TAKEN,
  too_large: refusal("too_large", "content: must be at most 4000 characters"),
  upgrade_required: refusal(
    "upgrade_required",
    "Your contract is of version 1, and 2 is the oldest that this server takes: load the new one.",
  ),
  rate_limited: refusal("rate_limited", "Too many requests; wait and send again.", 1_000),
  too_many_connections: ROOM_FULL,
  internal: OUR_FAULT,
  unavailable: AUTHORIZE_UNAVAILABLE,
  not_configured: refusal("not_configured", "No way to verify tokens: set AUTH_SECRET."),
};

const REASONS: Readonly<Record<number, string>> = {
  400: "The request is not as it should be.",
  401: "No token or API key, a bad one, or an expired one.",
  403: "Not allowed.",
  404: "There is no such thing.",
  409: "It does not fit what is there.",
  413: "Too large.",
  426: "Your contract is too old.",
  429: "Too much at once, from this user, this address or into this room.",
  500: "Our fault.",
  503:
    "The deployment's settings cannot be read, or one that this needs is not set: the message names it. " +
    "Or a rule that looks elsewhere does not answer: try again later.",
};

const NO_STORE = {
  "Cache-Control": { required: true, schema: { type: "string", const: "no-store" } },
};
const HEADERS: Readonly<Record<number, object>> = {
  401: {
    "WWW-Authenticate": { required: true, schema: { type: "string", const: "Bearer" } },
  },
  429: {
    "Retry-After": {
      description: "Seconds to wait before the same request may succeed.",
      required: true,
      schema: { type: "integer", minimum: 1 },
    },
  },
};

/** The document's examples of errors, by code. */
export const REFUSAL_EXAMPLES = Object.fromEntries(
  Object.entries(EXAMPLES).map(([code, error]) => [code, { summary: code, value: { error } }]),
);

/** The answers of an operation that can be refused with these codes, by status. */
export function refusals(codes: readonly ErrorCode[], schemas: SchemaWriter): object {
  const statuses = new Set(codes.map((code) => ERROR_CODES[code].status));
  const schema = schemas.body(errorAnswerSchema);
  return Object.fromEntries(
    [...statuses].map((status) => [
      status,
      refusalAnswer(
        status,
        codes.filter((code) => ERROR_CODES[code].status === status),
        schema,
      ),
    ]),
  );
}

function refusalAnswer(status: number, codes: readonly ErrorCode[], schema: JsonSchema): object {
  return {
    description: REASONS[status],
    headers: { ...NO_STORE, ...HEADERS[status] },
    content: {
      "application/json": {
        schema,
        examples: Object.fromEntries(
          codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
        ),
      },
    },
  };
}
