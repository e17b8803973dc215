import { expect, it } from "vitest";
import type { Asking, Verdict } from "../../../src/protocol/authority.ts";
import { AUTHORIZE_UNAVAILABLE } from "../../../src/protocol/refusals.ts";
import { DocumentScene, T0 } from "./support/document-scene.ts";

const MINUTE = 60_000;
const GRANTED: Verdict = {
  kind: "granted",
  permissions: ["read", "write"],
  forMs: 10 * MINUTE,
  member: undefined,
};
const FAILED: Verdict = { kind: "failed", error: AUTHORIZE_UNAVAILABLE, reason: "It is away." };

/** Somebody who is in a document by a rule that answers for ten minutes. */
function inside() {
  const scene = new DocumentScene();
  const authority = {
    askedAt: T0,
    forMs: 10 * MINUTE,
    askAt: T0 + 10 * MINUTE,
    tokenEndsAt: T0 + 60 * MINUTE,
    grants: ["read" as const],
    request: { url: "https://edge.example/v1/documents/notes", headers: {} },
  };
  const ada = scene.join("ada", { expiresAt: T0 + 20 * MINUTE, authority });
  const answer = (verdict: Verdict, now: number): readonly Asking[] => {
    scene.pass(now - scene.now);
    const asked = scene.live.authorities.toAsk(now);
    for (const one of asked) scene.live.authorities.answered(one, verdict, now, now);
    return asked;
  };
  return { scene, ada, answer };
}

it("a rule that is away now and then ends nobody who was granted to stay in between (P14.7)", () => {
  const { scene, ada, answer } = inside();
  answer(FAILED, T0 + 10 * MINUTE);
  answer(GRANTED, T0 + 11 * MINUTE);
  const asked = answer(FAILED, T0 + 21 * MINUTE);
  expect(asked.length).toBe(1);
  scene.pass(9 * MINUTE);
  scene.pass(1_000);
  expect(ada.closed).toBeUndefined();
  scene.pass(MINUTE);
  scene.pass(1_000);
  expect(ada.closed).toBe(1013);
});
