import { expect, it, vi } from "vitest";
import { BUILT_IN } from "../../../src/kinds/built-in.ts";
import { KindTable } from "../../../src/kinds/kind-table.ts";
import { deadLetterPage, resendDeadLetters } from "../../../src/objects/dead-letters.ts";
import { TIMER_CARRIER } from "../../../src/room/store/dead-letters.ts";
import { polls } from "../../fixtures/kinds/poll.ts";
import { BACKEND, RoomScene, T0 } from "../room/support/scene.ts";

it.each([
  ["the type of what was told outside", "webhook", '{"type":"new_message"}', "new_message"],
  ["the type of a notice", "inbox", { type: "mention" }, "mention"],
  ["a timer by its name", TIMER_CARRIER, { type: "mine" }, "to-whom"],
  ["a timer by its name, whose data is text", TIMER_CARRIER, "no JSON", "to-whom"],
])("lists %s", (_, carrier, body, name) => {
  const scene = new RoomScene("general");
  const frame = { type: "send_message", messageId: "m", payload: { content: "one" } };
  scene.ask({ ...BACKEND, permissions: ["write"] }, frame);
  const to = { carrier, recipient: "to-whom" };
  scene.store.deadLetters.add({ to, source: 1, key: "k", body, reason: "why", at: T0 }, T0);
  expect(deadLetterPage(scene.store, { limit: 5 })).toMatchObject({ deadLetters: [{ name }] });
});

it("sends again all or nothing: a timer that the disk has not taken back runs from memory neither", () => {
  const scene = new RoomScene("poll:a", {}, new KindTable([...BUILT_IN, polls]));
  const to = { carrier: TIMER_CARRIER, recipient: "deadline" };
  const letter = { to, source: 1, key: "k", body: {}, reason: "why", at: T0 };
  for (const key of ["k", "l"]) scene.store.deadLetters.add({ ...letter, key }, T0);
  const { room, store } = scene;
  const resent = () => resendDeadLetters({ room, store, retry: () => {} }, undefined, T0);
  vi.spyOn(store.deadLetters, "remove").mockImplementationOnce(() => {
    throw new Error("the disk is full");
  });
  expect(resent).toThrow("the disk is full");
  expect([room.special.due(T0), room.special.wakeAt()]).toEqual([[], undefined]);
  expect(store.deadLetters.count).toBe(2);
  // There is one timer of each name.
  expect(resent()).toEqual({ ok: true, value: { resent: 1 } });
  expect(room.special.due(T0)).toMatchObject([{ type: "timer:deadline" }]);
  expect(room.wakeAt).toBe(T0);
});
