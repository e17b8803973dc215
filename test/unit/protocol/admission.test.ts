import { expect, it } from "vitest";
import { readAdmission, writeAdmission } from "../../../src/protocol/admission.ts";

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
  expect(readAdmission(header)).toEqual(admission);
  const backend = { ...admission, session: { ...admission.session, backend: true as const } };
  expect(readAdmission(writeAdmission(backend))).toEqual(backend);
  expect(() => readAdmission(null)).toThrow();
});
