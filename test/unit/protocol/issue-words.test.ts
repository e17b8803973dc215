import { describe, expect, it } from "vitest";
import * as z from "zod";
import { issueWords, tellIssues } from "../../../src/protocol/issue-words.ts";
import { readSettings } from "../../../src/protocol/settings.ts";
import { parserFor } from "../../support/kinds.ts";

const SEND = { type: "send_message", messageId: "m" };
const REACT = { type: "react", messageId: "m" };

describe("the refusal of a frame says what is wrong, where, and what it must be", () => {
  it.each<[string, unknown]>([
    ["the frame: must be an object", null],
    ["the frame: must be an object", "hello"],
    ["type: must be the name of a known type", {}],
    ["type: must be the name of a known type", { type: 1 }],
    ["messageId: is required; payload: is required", { type: "send_message" }],
    ["messageId: must be text", { ...SEND, messageId: 5, payload: { content: "x" } }],
    ["messageId: must not be empty", { ...SEND, messageId: "", payload: { content: "x" } }],
    [
      "messageId: must have at most 128 characters",
      { ...SEND, messageId: "x".repeat(129), payload: { content: "x" } },
    ],
    ["sentAt: must be a number", { ...SEND, sentAt: "1", payload: { content: "x" } }],
    ["sentAt: must be at least 0", { ...SEND, sentAt: -1, payload: { content: "x" } }],
    ["payload: must be an object", { ...SEND, payload: [] }],
    ["payload.content: must be text", { ...SEND, payload: { content: 5 } }],
    ["payload.replyTo: must be a number", { ...SEND, payload: { content: "x", replyTo: "1" } }],
    [
      "payload.replyTo: must be a whole number",
      { ...SEND, payload: { content: "x", replyTo: 1.5 } },
    ],
    ["payload.mentions: must be a list", { ...SEND, payload: { content: "x", mentions: "ann" } }],
    [
      "payload.mentions: must have at most 20 items",
      { ...SEND, payload: { content: "x", mentions: Array.from({ length: 21 }, () => "ann") } },
    ],
    [
      "payload.mentions.1: must be text",
      { ...SEND, payload: { content: "x", mentions: ["a", 1] } },
    ],
    ["payload.content: is required", { type: "edit_message", messageId: "m", payload: { seq: 1 } }],
    [
      "payload.seq: must be at least 1",
      { type: "delete_message", messageId: "m", payload: { seq: 0 } },
    ],
    [
      "payload.emoji: must not be empty; payload.remove: must be true or false",
      { ...REACT, payload: { seq: 1, emoji: "", remove: "no" } },
    ],
    ["payload.upTo: must be at least 0", { type: "read_messages", payload: { upTo: -1 } }],
    ["payload.event: is required; payload.data: is required", { type: "publish", payload: {} }],
    [
      "payload.conflate: must be true or false",
      { type: "publish", payload: { event: "e", data: 1, conflate: 1 } },
    ],
    ["payload.token: must not be empty", { type: "refresh_token", payload: { token: "" } }],
  ])("%s", (words, frame) => {
    expect(told(frame, "general")).toBe(words);
  });

  it.each<[string, unknown]>([
    ["payload: must be {upTo: seq} or {ids: [1 to 200 seqs]}", {}],
    ["payload: must be {upTo: seq} or {ids: [1 to 200 seqs]}", { upTo: "1" }],
    ["payload.ids: must have at least 1 item", { ids: [] }],
  ])("%s", (words, payload) => {
    expect(told({ type: "read_notifications", payload }, "user:ada")).toBe(words);
  });
});

it.each([
  ['GUESTS: must be "on" or "off"', { GUESTS: "yes" }],
  ["LIMIT_FRAMES_BURST: must be at least 1", { LIMIT_FRAMES_BURST: "0" }],
  ["FLUSH_GAP_MS: must be at most 1000", { FLUSH_GAP_MS: "1001" }],
  ["HEARTBEAT_MS: must be a whole number", { HEARTBEAT_MS: "30s" }],
  ["AUTH_ISSUER: must be text", { AUTH_ISSUER: 5 }],
])("tells the operator of a setting: %s", (words, env) => {
  const read = readSettings({ AUTH_SECRET: "a-secret-of-the-unit-tests-of-words", ...env });
  expect(read).toMatchObject({ ok: false, problem: `Settings that cannot be read: ${words}` });
});

/** Whatever a schema of ours may come to hold: no issue is told in the words of the library. */
it.each<[string, z.ZodType, unknown]>([
  ["x: must not have a and b", z.object({ x: z.strictObject({}) }), { x: { a: 1, b: 2 } }],
  ["x.a b: must be lower case", z.object({ x: inLowerCase() }), { x: { "a b": 1, A: 1 } }],
  ["x: must be 1", z.object({ x: z.literal(1) }), { x: 2 }],
  ["x: must be 1, 2 or null", z.object({ x: z.literal([1, 2, null]) }), { x: 3 }],
  ["x: is not written as it must be", z.object({ x: z.iso.datetime() }), { x: "now" }],
  ["x: must have at least 2 characters", z.object({ x: z.string().min(2) }), { x: "a" }],
  ["x: must have at most 1 item", z.object({ x: z.array(z.any()).max(1) }), { x: [1, 2] }],
  ["x: is not as it must be", z.object({ x: z.number().multipleOf(5) }), { x: 3 }],
  ["it: must be an object", z.record(z.string(), z.any()), 5],
])("has words of our own: %s", (words, schema, value) => {
  const { error } = schema.safeParse(value, { error: issueWords });
  expect(tellIssues(error ?? new z.ZodError([]), "it").split("; ")[0]).toBe(words);
});

function inLowerCase() {
  return z.record(z.string().regex(/^[a-z]+$/, "must be lower case"), z.any());
}

function told(frame: unknown, room: string): string {
  const parsed = parserFor(room)(frame);
  return parsed.ok ? "no refusal" : parsed.error.message;
}
