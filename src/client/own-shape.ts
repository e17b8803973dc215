import type { AnyContract } from "../contract/contract.ts";
import { field, type KindShapes, matches } from "./frame-shape.ts";

/** What rooms of a team's own kind bring: the contract says of what shape, and the server holds to it. */
export function ownShapes({ prefix, events, signals }: AnyContract): KindShapes {
  const own = [...Object.keys(events), ...Object.keys(signals)].map((type) => [type, isAnything]);
  return {
    greeting: { [`${prefix}:`]: {} },
    payloads: {
      ...Object.fromEntries(own),
      answer: isAnswer,
      state: { seq: "number" },
      you: isYou,
    },
  };
}

function isAnything(): boolean {
  return true;
}

function isAnswer(payload: unknown): boolean {
  if (field(payload, "success") === true) return true;
  return matches(payload, {
    error: { code: "string", message: "string", retryable: "boolean" },
  });
}

/** Whether this tells what somebody may do. */
export function isYou(you: unknown): boolean {
  const can = field(you, "can");
  return Array.isArray(can) && can.every((one) => typeof one === "string");
}
