import { expect, it } from "vitest";
import { readAdmission, refuseAdmission, writeAdmission } from "../../../src/protocol/admission.ts";
import { INNER_VERSION } from "../../../src/protocol/inner-version.ts";

it("carries an admission through a header, whatever the name", () => {
  const admission = {
    session: {
      userId: "ü|1",
      name: "響\n",
      permissions: ["read" as const],
      expiresAt: 1,
      wire: "json" as const,
      transport: "websocket" as const,
      address: "::1",
    },
    cursor: { seq: 3, epoch: "e" },
    history: 50,
  };
  const header = writeAdmission(admission);
  expect(header).toMatch(/^[\x21-\x7e]+$/);
  expect(readAdmission(header)).toEqual({ version: INNER_VERSION, ...admission });
  const backend = { ...admission, session: { ...admission.session, backend: true as const } };
  expect(readAdmission(writeAdmission(backend))).toEqual({ version: INNER_VERSION, ...backend });
  expect(() => readAdmission(null)).toThrow();
});

it.each([
  { says: {}, refused: false },
  { says: { version: INNER_VERSION - 1 }, refused: false },
  { says: { version: INNER_VERSION }, refused: false },
  { says: { version: INNER_VERSION + 1 }, refused: false },
  { says: { version: INNER_VERSION + 2, session: "of another shape" }, refused: true },
  { says: { version: INNER_VERSION - 2 }, refused: true },
])("lets a Worker in that is at most one version away: $says", ({ says, refused }) => {
  const error = refuseAdmission(encodeURIComponent(JSON.stringify(says)));
  expect(error?.code).toBe(refused ? "internal" : undefined);
  if (refused) expect(error).toMatchObject({ retryable: true, retryAfterMs: 5_000 });
});
