import * as z from "zod";
import { batchIn } from "../../protocol/unbundle.ts";

const frameSchema = z.object({
  type: z.string(),
  seq: z.int().optional(),
  messageId: z.string().optional(),
  timestamp: z.string().optional(),
  /** Who did it, of an event of one of a team's own kinds. */
  userId: z.string().optional(),
  payload: z.unknown().optional(),
});

/** A frame that a room tells. */
export type RoomFrame = z.infer<typeof frameSchema>;

/** The frames of one message of a room, in order. */
export function framesIn(message: string): readonly RoomFrame[] {
  const value: unknown = JSON.parse(message);
  return (batchIn(value) ?? [value]).map((frame) => frameSchema.parse(frame));
}
