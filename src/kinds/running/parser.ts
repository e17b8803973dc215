import { parse } from "../../contract/parse.ts";
import { frameParser, messageIdOf } from "../../protocol/client-frame-schema.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import { messageIdSchema, sentAtSchema } from "../../protocol/field-schema.ts";
import { ownClientSchemas } from "../../protocol/frames/own-schema.ts";
import { issueWords } from "../../protocol/issue-words.ts";
import { payloadProblem } from "../../protocol/json.ts";
import { issuesRefusal, jsonRefusal } from "../../protocol/schema-refusal.ts";
import type { CheckedFrame, FrameParser } from "../../room/frame.ts";
import { asJson } from "./contract-type.ts";
import type { Definition } from "./definition.ts";
import { QUERY } from "./query.ts";
import type { Sayable } from "./sayable.ts";

/**
 * Makes the parser of what is said in rooms of a kind. Commands go through the protocol's own schemas,
 * in which a deployment's bound on content is, and which tell envelope and payload in one.
 */
export function parserOf(
  { name, contract, sayables, extension }: Definition,
  { contentChars }: { readonly contentChars: number },
): FrameParser {
  const isCommand = (type: string) => extension !== undefined && sayables.has(type);
  const commands = frameParser(name, isCommand, contentChars);
  if (extension !== undefined) return commands;
  const isAsked = Object.keys(contract.queries).length > 0;
  return (value) => {
    const fields = Object(value) as Readonly<Record<string, unknown>>;
    const type = Object.hasOwn(fields, "type") ? fields["type"] : undefined;
    if (type === QUERY && isAsked) return queryFrame(fields);
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

/** Checks a query as far as its envelope goes: its input is for the query's own schema. */
function queryFrame(fields: Readonly<Record<string, unknown>>): CheckedFrame {
  const answering = { ...messageIdOf(fields), isQuery: true } as const;
  const refused = (error: Refusal): CheckedFrame => ({ ok: false, ...answering, error });
  const problem = payloadProblem(fields["payload"] ?? null);
  if (problem !== undefined) return refused(jsonRefusal(problem, "invalid_frame", "payload"));
  const parsed = ownClientSchemas.query.safeParse(fields["payload"], { error: issueWords });
  if (!parsed.success) return refused(issuesRefusal(parsed.error, "invalid_frame", "payload"));
  if (answering.messageId === undefined) {
    return refused(refusal("invalid_frame", "A query needs a messageId, for its answer to name."));
  }
  return { ok: true, ...answering, frame: { type: QUERY, payload: parsed.data } };
}
