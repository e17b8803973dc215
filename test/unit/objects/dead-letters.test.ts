import { expect, it } from "vitest";
import { deadLetterPage } from "../../../src/objects/dead-letters.ts";
import { TIMER_CARRIER } from "../../../src/room/store/dead-letters.ts";
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
