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

const itemsSchema = z.array(z.unknown());

/** The frames of a message that is a `batch` (P3.5), in order; `undefined` of one that is a frame itself. */
export function batchIn(message: unknown): readonly unknown[] | undefined {
  const { type, payload }: { type?: unknown; payload?: unknown } = Object(message);
  return type === "batch" ? itemsSchema.parse(payload) : undefined;
}

/** The frames in one text message of a room, in order, each with its own text. */
export function unbundle(text: string): readonly TextFrame[] {
  const value: unknown = JSON.parse(text);
  const items = batchIn(value);
  return items === undefined
    ? [{ ...frameSchema.parse(value), json: text }]
    : items.map((item) => ({ ...frameSchema.parse(item), json: JSON.stringify(item) }));
}
