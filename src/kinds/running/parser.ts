import { parse } from "../../contract/parse.ts";
import { frameParser, messageIdOf } from "../../protocol/client-frame-schema.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import { messageIdSchema, sentAtSchema } from "../../protocol/field-schema.ts";
import { payloadProblem } from "../../protocol/json.ts";
import { jsonRefusal } from "../../protocol/schema-refusal.ts";
import type { CheckedFrame, FrameParser } from "../../room/frame.ts";
import { asJson } from "./contract-type.ts";
import type { Definition } from "./definition.ts";
import type { Sayable } from "./sayable.ts";

/**
 * Makes the parser of what is said in rooms of a kind. Commands go through the protocol's own schemas,
 * in which a deployment's bound on content is, and which tell envelope and payload in one.
 */
export function parserOf(
  { name, sayables, extension }: Definition,
  { contentChars }: { readonly contentChars: number },
): FrameParser {
  const isCommand = (type: string) => extension !== undefined && sayables.has(type);
  const commands = frameParser(name, isCommand, contentChars);
  if (extension !== undefined) return commands;
  return (value) => {
    const fields = Object(value) as Readonly<Record<string, unknown>>;
    const type = Object.hasOwn(fields, "type") ? fields["type"] : undefined;
    const sayable = typeof type === "string" ? sayables.get(type) : undefined;
    return sayable === undefined ? commands(value) : ownFrame(sayable, fields);
  };
}

/** Checks an event or a signal of a team's own. */
function ownFrame(
  { type, schema, isEvent }: Sayable,
  fields: Readonly<Record<string, unknown>>,
): CheckedFrame {
  const answering = messageIdOf(fields);
  const refused = (error: Refusal): CheckedFrame => ({ ok: false, ...answering, error });
  const problem = payloadProblem(fields["payload"] ?? null);
  if (problem !== undefined) return refused(jsonRefusal(problem, "invalid_frame", "payload"));
  const parsed = parse(schema, fields["payload"], "payload");
  if (!parsed.ok) return refused(refusal("invalid_frame", parsed.problem));
  const payload = asJson(parsed.value);
  if (!isEvent) return { ok: true, ...answering, frame: { type, payload } };
  const messageId = messageIdSchema.safeParse(fields["messageId"]);
  const sentAt = sentAtSchema.optional().safeParse(fields["sentAt"]);
  if (!messageId.success || !sentAt.success) {
    const message = "An event needs a messageId, and its sentAt is a whole number.";
    return refused(refusal("invalid_frame", message));
  }
  const frame = { type, payload, messageId: messageId.data, sentAt: sentAt.data };
  return { ok: true, ...answering, frame };
}
