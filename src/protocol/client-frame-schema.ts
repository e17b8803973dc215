import * as z from "zod";
import type { ClientFrame } from "./client-frame.ts";
import { cutText } from "./cut-text.ts";
import { type Refusal, refusal } from "./error.ts";
import { messageIdSchema, sentAtSchema } from "./field-schema.ts";
import {
  CLIENT_FRAME_TYPES,
  CLIENT_FRAMES,
  type ClientFrameType,
  isOfConnections,
} from "./frames.ts";
import { issueWords } from "./issue-words.ts";
import { payloadProblem } from "./json.ts";
import { type PayloadSchemas, payloadSchemas } from "./payload-schema.ts";
import { issuesRefusal, jsonRefusal } from "./schema-refusal.ts";

/** A checked frame, or why it was refused; and the messageId that an answer names, if it has one. */
export type ParsedFrame = { readonly messageId?: string } & (
  | { readonly ok: true; readonly frame: ClientFrame }
  | { readonly ok: false; readonly error: Refusal }
);

/** A client's frame of one type, its envelope included. */
export function clientFrame(type: ClientFrameType, payloads: PayloadSchemas) {
  const key = "durable" in CLIENT_FRAMES[type] ? DURABLE : {};
  const payload = type in payloads ? { payload: payloads[type as keyof PayloadSchemas] } : {};
  return z.object({ type: z.literal(type), ...key, ...payload });
}

const DURABLE = { messageId: messageIdSchema, sentAt: sentAtSchema.optional() };

/**
 * Makes the parser of decoded frames for one kind of room and one deployment's settings. Unknown
 * fields are dropped.
 *
 * @param kind what a refusal calls it.
 * @param takes whether it takes frames of a type, beside what every kind does.
 */
export function frameParser(
  kind: string,
  takes: (type: string) => boolean,
  contentChars: number,
): (value: unknown) => ParsedFrame {
  const payloads = payloadSchemas(contentChars);
  const types = CLIENT_FRAME_TYPES.filter((type) => isOfConnections(type) || takes(type));
  const known: ReadonlySet<string> = new Set(types);
  const frames = types.map((type) => clientFrame(type, payloads));
  const schema = z.discriminatedUnion("type", frames as [(typeof frames)[number]]);
  return (value) => {
    const answering = messageIdOf(value);
    const type = field(value, "type");
    if (typeof type === "string" && !known.has(type)) {
      const named = cutText(type, 64);
      const message = `A room of kind "${kind}" takes no frame of type "${named}".`;
      return { ok: false, ...answering, error: refusal("unknown_type", message) };
    }
    const problem = payloadProblem(field(value, "payload") ?? null);
    if (problem !== undefined) {
      return { ok: false, ...answering, error: jsonRefusal(problem, "invalid_frame", "payload") };
    }
    const parsed = schema.safeParse(value, { error: issueWords });
    // Each payload's schema is of its type's payload (payload-schema.ts).
    return parsed.success
      ? { ok: true, ...answering, frame: parsed.data as ClientFrame }
      : {
          ok: false,
          ...answering,
          error: issuesRefusal(parsed.error, "invalid_frame", "the frame"),
        };
  };
}

/** The messageId that an answer names, if it can be read. */
export function messageIdOf(value: unknown): { messageId?: string } {
  const messageId = field(value, "messageId");
  // Most of what is said in passing has none, and a failed parse is slow.
  if (messageId === undefined) return {};
  const parsed = messageIdSchema.safeParse(messageId);
  return parsed.success ? { messageId: parsed.data } : {};
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
