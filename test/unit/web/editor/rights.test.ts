import { expect, it } from "vitest";
import { mayWrite } from "../../../../src/web/editor/rights.ts";

function identity(rooms: unknown) {
  const payload = Buffer.from(JSON.stringify({ sub: "ada", exp: 1, rooms })).toString("base64url");
  return { token: `e30.${payload}.x`, userId: "ada", name: "Ada", expiresAtMs: 1, guest: false };
}

it.each([
  ["a right to write", { "document:plan": ["read", "write"] }, true],
  ["a right to read alone", { "document:plan": ["read"] }, false],
  ["more elsewhere", { "*": ["read", "write"], "document:*": ["read"] }, false],
  ["nothing, where a rule may decide", {}, true],
  ["no grants", undefined, true],
  ["what cannot be read", { "document:plan": "read" }, true],
])("lets one write as far as the token says: %s", (_, rooms, may) => {
  expect(mayWrite(identity(rooms), "document:plan")).toBe(may);
});
