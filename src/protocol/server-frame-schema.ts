import * as z from "zod";
import { messageIdSchema, seqSchema } from "./field-schema.ts";
import { chatServerSchemas } from "./frames/chat-schema.ts";
import { connectionServerSchemas } from "./frames/connection-schema.ts";
import { documentServerSchemas } from "./frames/document-schema.ts";
import { gameServerSchemas } from "./frames/game-schema.ts";
import { inboxServerSchemas } from "./frames/inbox-schema.ts";
import { presenceServerSchemas } from "./frames/presence-schema.ts";
import { publishServerSchemas } from "./frames/publish-schema.ts";
import { type HeardType, isDurableType, SERVER_FRAMES, type ServerFrameType } from "./frames.ts";
import { timestampSchema } from "./message-schema.ts";

/** The payload of every frame that the server sends. */
export const SERVER_PAYLOADS = {
  ...chatServerSchemas,
  ...inboxServerSchemas,
  ...publishServerSchemas,
  ...presenceServerSchemas,
  ...documentServerSchemas,
  ...gameServerSchemas,
  ...connectionServerSchemas,
} satisfies Record<Exclude<ServerFrameType, "pong">, z.ZodType>;

const originSchema = z
  .string()
  .exactOptional()
  .meta({ description: "The connection that published it." });

const roomSchema = z
  .string()
  .exactOptional()
  .meta({ description: "Of whoever hears many rooms at once: which of them." });

/** A frame that tells what was published. */
export const publishedSchema = z.object({
  timestamp: timestampSchema,
  payload: SERVER_PAYLOADS.event,
});

const heard = (Object.keys(SERVER_FRAMES) as ServerFrameType[]).filter(isHeard).map(serverFrame);

/** A frame as a stream or a poll carries it. */
export const heardFrameSchema = z
  .discriminatedUnion("type", heard as [(typeof heard)[number]])
  .meta({ id: "Frame", description: "Something that happened. Durable events carry a `seq`." });

/** A frame of one type, its envelope included. */
export function serverFrame(type: keyof typeof SERVER_PAYLOADS) {
  return z.object({
    type: z.literal(type),
    room: roomSchema,
    timestamp: timestampSchema,
    messageId: messageIdSchema.exactOptional(),
    ...(isDurableType(type) ? { seq: seqSchema } : { origin: originSchema }),
    payload: SERVER_PAYLOADS[type],
  });
}

function isHeard(type: ServerFrameType): type is HeardType {
  return !("socketOnly" in SERVER_FRAMES[type]);
}
