import type { AnyContract } from "../../contract/contract.ts";
import { parse } from "../../contract/parse.ts";
import { frameParser, messageIdOf } from "../../protocol/client-frame-schema.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import { messageIdSchema, sentAtSchema } from "../../protocol/field-schema.ts";
import { payloadProblem } from "../../protocol/json.ts";
import { jsonRefusal } from "../../protocol/schema-refusal.ts";
import type { CheckedFrame, FrameParser } from "../../room/frame.ts";
import { asJson, ownType } from "./own-type.ts";

/** Makes the parser of what clients say in rooms of a team's own kind. */
export function ownParser(contract: AnyContract, contentChars: number): FrameParser {
  const others = frameParser(contract.prefix, contentChars);
  return (value) => {
    const fields = Object(value) as Readonly<Record<string, unknown>>;
    const type = Object.hasOwn(fields, "type") ? fields["type"] : undefined;
    const own = typeof type === "string" ? ownType(contract, type) : undefined;
    if (typeof type !== "string" || own === undefined) return others(value);
    const answering = messageIdOf(value);
    const refused = (error: Refusal): CheckedFrame => ({ ok: false, ...answering, error });
    const problem = payloadProblem(fields["payload"] ?? null);
    if (problem !== undefined) return refused(jsonRefusal(problem, "invalid_frame", "payload"));
    const parsed = parse(own.schema, fields["payload"], "payload");
    if (!parsed.ok) return refused(refusal("invalid_frame", parsed.problem));
    const payload = asJson(parsed.value);
    if (own.of === "signals") return { ok: true, ...answering, frame: { type, payload } };
    const messageId = messageIdSchema.safeParse(fields["messageId"]);
    const sentAt = sentAtSchema.optional().safeParse(fields["sentAt"]);
    if (!messageId.success || !sentAt.success) {
      const message = "An event needs a messageId, and its sentAt is a whole number.";
      return refused(refusal("invalid_frame", message));
    }
    const frame = { type, payload, messageId: messageId.data, sentAt: sentAt.data };
    return { ok: true, ...answering, frame };
  };
}
