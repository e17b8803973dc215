import * as z from "zod";
import type { Ack, Saved } from "./ack.ts";
import { describes } from "./describes.ts";
import { refusalSchema } from "./error-schema.ts";
import { seqSchema } from "./field-schema.ts";

/** Whatever was stored, or had been before. */
export const savedSchema = describes<Saved>()(
  z.object({
    savedId: seqSchema.meta({ description: "The event's `seq`." }),
    duplicate: z.literal(true).exactOptional().meta({ description: "It was stored before." }),
    version: z
      .int()
      .exactOptional()
      .meta({ description: "Of a document: how many changes it has with what was stored." }),
  }),
).meta({ id: "Saved" });

/** What became of a frame that has a messageId. */
export const ackSchema = z.union([
  savedSchema.extend({ success: z.literal(true) }),
  z.object({
    success: z.literal(true),
    tick: z
      .int()
      .min(0)
      .exactOptional()
      .meta({ description: "Of `player_input`: when it counts." }),
  }),
  z.object({ success: z.literal(false), error: refusalSchema }),
]) satisfies z.ZodType<Ack>;
