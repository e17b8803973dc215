import * as z from "zod";
import { describes } from "./describes.ts";
import { ERROR_CODES, type ErrorCode, type Refusal } from "./error.ts";

/** A refusal, as it travels in every way there is. */
export const refusalSchema = describes<Omit<Refusal, "status" | "data">>()(
  z.object({
    code: z
      .enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]])
      .meta({ id: "ErrorCode", description: "What went wrong, for programs." }),
    message: z.string().meta({ description: "What was wrong and what to do, for developers." }),
    retryable: z.boolean().meta({ description: "Whether the same again later may succeed." }),
    retryAfterMs: z.number().min(0).optional().meta({ description: "How long to wait first." }),
  }),
).meta({ id: "Refusal" });

/** Body of every HTTP answer from 400 on. */
export const errorAnswerSchema = z
  .object({ error: refusalSchema })
  .meta({ id: "Error", description: "Why a request was refused." });
