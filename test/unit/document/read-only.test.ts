import { expect, it } from "vitest";
import { Attendance } from "../../../src/document/attendance.ts";
import { AwarenessBook } from "../../../src/document/awareness.ts";
import { DocumentCounters } from "../../../src/metrics/document-counters.ts";
import { DEFAULT_DOCUMENT_LIMITS } from "../../../src/protocol/settings.ts";
import { T0 } from "./support/document-scene.ts";

it("who asks what they may do is told, and counts as refused with what they change alone (P17.7)", () => {
  const counters = new DocumentCounters();
  const sent: string[] = [];
  const sockets = { send: (id: string) => void sent.push(id), keep: () => {}, close: () => {} };
  const limits = DEFAULT_DOCUMENT_LIMITS;
  const attendance = new Attendance(sockets, limits, new AwarenessBook(), counters);
  const person = { name: "Ada", address: "192.0.2.1", expiresAt: T0 + 60_000 };
  attendance.enter("reads", { ...person, userId: "reads", canWrite: false }, T0, true);
  attendance.enter("wrote", { ...person, userId: "wrote", canWrite: true }, T0, true);
  const wrote = attendance.get("wrote");
  if (wrote === undefined) throw new Error("gone");
  attendance.change(wrote, { canWrite: false });
  expect(sent).toEqual(["reads", "wrote"]);
  expect(counters.counts.documents?.refused).toEqual({});
  attendance.tellReadOnly(wrote, true);
  expect(sent).toEqual(["reads", "wrote"]);
  expect(counters.counts.documents?.refused).toEqual({ access_denied: 1 });
});
