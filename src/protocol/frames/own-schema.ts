import * as z from "zod";
import { refusalSchema } from "../error-schema.ts";
import { anyJson } from "../message-schema.ts";

/** Schemas of what is sent in every room of one of a team's own kinds. */
export const ownClientSchemas = {
  query: z.object({ name: z.string().max(64), input: anyJson.optional() }),
};

/** Schemas of what is told in every such room. */
export const ownServerSchemas = {
  answer: z.union([
    z.object({ success: z.literal(true), output: anyJson }),
    z.object({ success: z.literal(false), error: refusalSchema }),
  ]),
  state: z.object({ state: anyJson, seq: z.int().min(0) }),
};
