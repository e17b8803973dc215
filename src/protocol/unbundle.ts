import * as z from "zod";

const frameSchema = z.object({
  type: z.string(),
  seq: z.int().optional(),
  payload: z.unknown().optional(),
});

/** One server frame, and the JSON text that it travels as. */
export interface TextFrame extends z.infer<typeof frameSchema> {
  readonly json: string;
}

/** The frames in one text message of a room, in order, a `batch` taken apart (P3.5). */
export function unbundle(text: string): readonly TextFrame[] {
  const value: unknown = JSON.parse(text);
  const frame = frameSchema.parse(value);
  if (frame.type !== "batch") return [{ ...frame, json: text }];
  return z
    .array(z.unknown())
    .parse(frame.payload)
    .map((item) => ({ ...frameSchema.parse(item), json: JSON.stringify(item) }));
}
