import * as z from "zod";
import { clientFrame } from "../../protocol/client-frame-schema.ts";
import {
  CLIENT_FRAME_TYPES,
  CLIENT_FRAMES,
  type ClientFrameType,
  isDurableType,
  SERVER_FRAMES,
  type ServerFrameType,
} from "../../protocol/frames.ts";
import { payloadSchemas } from "../../protocol/payload-schema.ts";
import { serverFrame } from "../../protocol/server-frame-schema.ts";
import type { SchemaWriter } from "../openapi/json-schema.ts";
import { SAMPLE, SAMPLE_MESSAGE } from "../openapi/sample.ts";
import { CLIENT_WORDS, SERVER_WORDS } from "./words.ts";

/** Every `type` that the server sends. */
export const SERVER_FRAME_TYPES = Object.keys(SERVER_FRAMES) as ServerFrameType[];

/** Every frame as a message of the document, by its type: what clients send, then what they are told. */
export function messagesOf(schemas: SchemaWriter, contentChars: number): object {
  const payloads = payloadSchemas(contentChars);
  const sent = CLIENT_FRAME_TYPES.map((type) => [
    type,
    message(type, schemas.body(clientFrame(type, payloads)), CLIENT_WORDS[type].summary, {
      type,
      ...("durable" in CLIENT_FRAMES[type] ? { messageId: SAMPLE_MESSAGE.messageId } : {}),
      ...payloadOf(CLIENT_WORDS[type]),
    }),
  ]);
  const told = SERVER_FRAME_TYPES.map((type) => [
    type,
    message(type, schemas.body(schemaOf(type)), SERVER_WORDS[type].summary, {
      type,
      ...(type === "pong" ? {} : { timestamp: SAMPLE.timestamp }),
      ...(type === "ack" ? { messageId: SAMPLE_MESSAGE.messageId } : {}),
      ...(isDurableType(type) ? { seq: 1 } : {}),
      ...payloadOf(SERVER_WORDS[type]),
    }),
  ]);
  return Object.fromEntries([...sent, ...told]);
}

function schemaOf(type: ServerFrameType): z.ZodType {
  return type === "pong" ? z.object({ type: z.literal("pong") }) : serverFrame(type);
}

function payloadOf({ payload }: { readonly payload?: unknown }): object {
  return payload === undefined ? {} : { payload };
}

function message(
  name: ClientFrameType | ServerFrameType,
  payload: object,
  summary: string,
  example: object,
): object {
  return { name, summary, payload, examples: [{ payload: example }] };
}
