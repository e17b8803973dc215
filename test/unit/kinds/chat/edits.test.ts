import { expect, it } from "vitest";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import type { Actor } from "../../../../src/room/actor.ts";
import { RoomScene, T0 } from "../../room/support/scene.ts";

const ADA: Actor = { userId: "ada", name: "ADA", permissions: ["read", "write"] };

function edit(scene: RoomScene, messageId: string) {
  const payload = { seq: 1, content: messageId };
  return scene.ask(ADA, { type: "edit_message", messageId, payload }, T0);
}

it("a message is edited so often and no more, over a restart, and deleting it takes so many writes", () => {
  const scene = new RoomScene("general");
  scene.ask(ADA, { type: "send_message", messageId: "m", payload: { content: "hi" } });
  for (let i = 0; i < BOUNDS.editsPerMessage; i++) {
    expect(edit(scene, `edit-${i}`)).toMatchObject({ ok: true });
    if (i === 10) scene.restart();
  }
  scene.restart();
  const { head } = scene.store.log;
  expect(edit(scene, "one-more")).toMatchObject({
    ok: false,
    error: { code: "conflict", message: expect.stringContaining("500 times") },
  });
  expect(scene.store.log.head).toBe(head);
  // An edit made before is answered as ever.
  expect(edit(scene, "edit-3")).toMatchObject({ ok: true, saved: { savedId: 5 } });
  const statements = scene.database.counted(() => {
    const frame = { type: "delete_message", messageId: "gone", payload: { seq: 1 } } as const;
    expect(scene.ask(ADA, frame)).toMatchObject({ ok: true });
  });
  expect(statements).toBeLessThan(2 * BOUNDS.editsPerMessage + 50);
});
