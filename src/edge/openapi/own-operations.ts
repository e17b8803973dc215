import * as z from "zod";
import type { AnyContract } from "../../contract/contract.ts";
import { isServerOnly } from "../../contract/schema.ts";
import { type JsonSchema, ownJsonSchema } from "../../kinds/json-schema.ts";
import { savedSchema } from "../../protocol/ack-schema.ts";
import { inputQuerySchema } from "../../protocol/http.ts";
import { deliveredSchema } from "../../protocol/http-answer-schema.ts";
import type { SchemaWriter } from "./json-schema.ts";
import type { Operation } from "./operation.ts";
import {
  ANSWER_HEADERS,
  CONDITIONAL,
  conditionally,
  ERRORS,
  IDEMPOTENCY,
  json,
  QUERIES,
} from "./parts.ts";

/** Of what is told of a deployment's own kinds. */
export const OWN_TAG = "Own kinds";

const MESSAGE_ID = {
  type: "string",
  description: "Names the event, where there is no `Idempotency-Key`; no part of the payload.",
};

/** The operations of rooms of one of a team's own kinds, from the schemas of its contract. */
export function ownOperations(contract: AnyContract, schemas: SchemaWriter): readonly Operation[] {
  const { prefix, events, state } = contract;
  const name = z.string().meta({ description: `What follows \`${prefix}:\` in the room's name.` });
  const params = z.object({ name });
  const said = Object.entries(events).map(([type, schema]): Operation => {
    const body = schemas.own(`${prefix}.${type}`, schema, "input", withMessageId);
    return {
      id: `${prefix}.${type}`,
      method: "post",
      path: `/v1/rooms/${prefix}:{name}/events/${type}`,
      tag: OWN_TAG,
      summary: `Say "${type}" in a room ${prefix}:…`,
      description: `The body is the payload. ${refusedWith(contract)}`,
      access: isServerOnly(schema) ? "backend" : "user",
      params,
      query: QUERIES.stored,
      headers: IDEMPOTENCY,
      body: () => body,
      answers: [
        json(201, "It is stored.", savedSchema),
        json(200, "It had been stored before.", savedSchema),
      ],
      errors: [...ERRORS.room, "conflict", "too_large", "unavailable"],
      examples: [],
    };
  });
  const signals = signalOperations(contract, schemas, params);
  const asked = queryOperations(contract, schemas, params);
  if (state === undefined) return [...said, ...signals, ...asked];
  const page = z.object({
    state: schemas.own(`${prefix}.state`, state, "output"),
    epoch: z.string().meta({ description: "Names this life of the log." }),
    seq: z.int().min(0).meta({ description: "The event up to which it is folded." }),
  });
  const read: Operation = {
    id: `${prefix}.state`,
    method: "get",
    path: `/v1/rooms/${prefix}:{name}/state`,
    tag: OWN_TAG,
    summary: `Read how a room ${prefix}:… stands`,
    description: "Its state, and the cursor from which to go on: every event after it changes it.",
    access: "user",
    params,
    query: QUERIES.as,
    headers: CONDITIONAL,
    answers: conditionally(
      { description: "Its state.", schema: page },
      "It stands as one knows it.",
      ANSWER_HEADERS.revalidate,
    ),
    errors: ERRORS.room,
    examples: [],
  };
  return [...said, ...signals, read, ...asked];
}

function signalOperations(
  contract: AnyContract,
  schemas: SchemaWriter,
  params: z.ZodObject,
): readonly Operation[] {
  const { prefix, signals } = contract;
  return Object.entries(signals).map(([type, schema]): Operation => {
    const body = schemas.own(`${prefix}.${type}`, schema, "input");
    return {
      id: `${prefix}.${type}`,
      method: "post",
      path: `/v1/rooms/${prefix}:{name}/signals/${type}`,
      tag: OWN_TAG,
      summary: `Tell "${type}" to whoever is connected to a room ${prefix}:…`,
      description: `The body is the payload; nothing is stored. ${refusedWith(contract)}`,
      access: isServerOnly(schema) ? "backend" : "user",
      params,
      query: QUERIES.as,
      body: () => body,
      answers: [json(202, "It is on its way.", deliveredSchema)],
      errors: [...ERRORS.room, "too_large", "unavailable"],
      examples: [],
    };
  });
}

function queryOperations(
  contract: AnyContract,
  schemas: SchemaWriter,
  params: z.ZodObject,
): readonly Operation[] {
  const { prefix, queries } = contract;
  return Object.entries(queries).map(([name, { input, output }]): Operation => {
    const description = `As JSON: ${JSON.stringify(ownJsonSchema(input, "input"))}`;
    const answer = z.object({
      success: z.literal(true),
      output: schemas.own(`${prefix}.${name}.output`, output, "output"),
    });
    return {
      id: `${prefix}.${name}.query`,
      method: "get",
      path: `/v1/rooms/${prefix}:{name}/query/${name}`,
      tag: OWN_TAG,
      summary: `Ask a room ${prefix}:… for "${name}"`,
      description: `Nothing is changed by it. ${refusedWith(contract)}`,
      access: "user",
      params,
      query: QUERIES.as.extend({ input: inputQuerySchema.shape.input.meta({ description }) }),
      headers: CONDITIONAL,
      answers: conditionally(
        { description: "What it asked for.", schema: answer },
        "It is what one has.",
        ANSWER_HEADERS.revalidate,
      ),
      errors: ERRORS.room,
      examples: [],
    };
  });
}

/** A payload that is an object may have the key beside its fields. */
function withMessageId(payload: JsonSchema): JsonSchema {
  const { properties } = payload;
  if (typeof properties !== "object" || properties === null) return payload;
  return { ...payload, properties: { messageId: MESSAGE_ID, ...properties } };
}

function refusedWith({ errors }: AnyContract): string {
  if (errors.length === 0) return "";
  return `Its rules may refuse it, with 422 or a status of theirs: ${errors.map((code) => `\`${code}\``).join(", ")}.`;
}
