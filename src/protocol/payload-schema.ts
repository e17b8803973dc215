import type * as z from "zod";
import { chatClientSchemas } from "./frames/chat-schema.ts";
import { connectionClientSchemas } from "./frames/connection-schema.ts";
import { documentClientSchemas } from "./frames/document-schema.ts";
import { gameClientSchemas } from "./frames/game-schema.ts";
import { inboxClientSchemas } from "./frames/inbox-schema.ts";
import { presenceClientSchemas } from "./frames/presence-schema.ts";
import { publishClientSchemas } from "./frames/publish-schema.ts";
import type { ClientPayloads } from "./frames.ts";

const schemasByContentChars = new Map<number, PayloadSchemas>();

/** Schemas of every payload that is sent, by frame type; `contentChars` is a setting. */
export function payloadSchemas(contentChars: number): PayloadSchemas {
  // Building them takes longer than any use of them.
  let schemas = schemasByContentChars.get(contentChars);
  if (schemas === undefined) {
    schemas = buildPayloadSchemas(contentChars);
    schemasByContentChars.set(contentChars, schemas);
  }
  return schemas;
}

function buildPayloadSchemas(contentChars: number) {
  return {
    ...chatClientSchemas(contentChars),
    ...inboxClientSchemas,
    ...publishClientSchemas,
    ...presenceClientSchemas,
    ...documentClientSchemas,
    ...gameClientSchemas,
    ...connectionClientSchemas,
  } satisfies PayloadSchemasOf<ClientPayloads>;
}

/** A schema for each payload that there is, of the very type that is told elsewhere. */
type PayloadSchemasOf<Payloads> = {
  readonly [Type in keyof Payloads as Payloads[Type] extends undefined ? never : Type]: z.ZodType<
    Payloads[Type]
  >;
};

/** The payload schemas of one deployment's settings. */
export type PayloadSchemas = ReturnType<typeof buildPayloadSchemas>;
