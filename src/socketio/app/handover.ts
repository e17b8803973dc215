import * as z from "zod";
import { visitStateSchema } from "./visit.ts";

/** What a client brings to the door: a token, and what it was known by before. */
export const authSchema = z.object({
  token: z.string().optional().catch(undefined),
  pid: z
    .string()
    .regex(/^[\w-]{20,64}$/)
    .optional()
    .catch(undefined),
  offset: z.unknown().optional(),
});

/** The same, read. */
export type Auth = z.infer<typeof authSchema>;

/** What another Worker needs to go on with a session. */
export const handoverSchema = z.discriminatedUnion("at", [
  z.object({ at: z.literal("outside") }),
  z.object({ at: z.literal("door"), auth: authSchema }),
  z.object({
    at: z.literal("inside"),
    pid: z.string(),
    sid: z.string(),
    token: z.string(),
    visits: z.array(visitStateSchema),
  }),
]);

/** The same, read. */
export type Handover = z.infer<typeof handoverSchema>;
