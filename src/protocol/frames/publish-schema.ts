import * as z from "zod";
import { describes } from "../describes.ts";
import { eventNameSchema, jsonSchema } from "../field-schema.ts";
import { BOUNDS } from "../limits.ts";
import { anyJson } from "../message-schema.ts";
import type { PublishServerPayloads } from "./publish.ts";

/** Schemas of what is sent where values are published. */
export const publishClientSchemas = {
  publish: z.object({
    event: eventNameSchema,
    data: jsonSchema(BOUNDS.publishDataBytes),
    conflate: z.boolean().optional(),
  }),
};

/** Schemas of what is told where values are published. */
export const publishServerSchemas = {
  event: describes<PublishServerPayloads["event"]>()(
    z.object({ event: z.string(), data: anyJson, userId: z.string() }),
  ),
};
