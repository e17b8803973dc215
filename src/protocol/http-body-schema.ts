import * as z from "zod";
import { messageIdSchema } from "./field-schema.ts";
import type { ClientFrameRow } from "./frames/row.ts";
import { CLIENT_FRAMES, HTTP_FRAME_TYPES, type HttpFrameType } from "./frames.ts";
import { payloadSchemas } from "./payload-schema.ts";

const byContentChars = new Map<number, BodySchemas>();

/**
 * Schemas of the bodies of requests, by the frame that each says: its payload, but for what stands
 * in the path; and what is stored may name its request here, where a header cannot.
 *
 * @param contentChars a setting.
 */
export function bodySchemas(contentChars: number): BodySchemas {
  let schemas = byContentChars.get(contentChars);
  if (schemas === undefined) {
    schemas = buildBodySchemas(contentChars);
    byContentChars.set(contentChars, schemas);
  }
  return schemas;
}

function buildBodySchemas(contentChars: number): BodySchemas {
  const payloads = payloadSchemas(contentChars);
  const entries = HTTP_FRAME_TYPES.map((type) => [type, bodySchema(type, payloads[type])]);
  return Object.fromEntries(entries);
}

function bodySchema(type: HttpFrameType, payload: z.ZodType): z.ZodType {
  const { durable, http }: ClientFrameRow = CLIENT_FRAMES[type];
  // What has alternatives stands in no path, and none of it is stored.
  if (!(payload instanceof z.ZodObject)) return payload;
  const fields = Object.entries(payload.shape);
  const inBody = fields.filter(([name]) => http?.path.includes(`:${name}`) !== true);
  const rest = inBody.length === fields.length ? payload : z.object(Object.fromEntries(inBody));
  return durable === true ? rest.safeExtend({ messageId: messageIdSchema.optional() }) : rest;
}

/** What a body holds once it was read. */
export interface RequestBody {
  readonly messageId?: string | undefined;
  readonly [field: string]: unknown;
}

/** A schema for each frame that a request can say, of one deployment's settings. */
export type BodySchemas = Readonly<Record<HttpFrameType, z.ZodType<RequestBody>>>;
