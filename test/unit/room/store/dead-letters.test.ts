import { beforeEach, expect, it } from "vitest";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import { BACKEND, RoomScene, T0 } from "../support/scene.ts";

const WEBHOOK = { carrier: "webhook", recipient: "tickets" };

let scene: RoomScene;

beforeEach(() => {
  scene = new RoomScene("general");
  const frame = { type: "send_message", messageId: "m", payload: { content: "one" } };
  scene.ask({ ...BACKEND, permissions: ["write"] }, frame);
});

function give(key: string, body: unknown = "{}"): number {
  const letter = { to: WEBHOOK, source: 1, key, body, reason: "not delivered for a day", at: T0 };
  return scene.store.deadLetters.add(letter, T0 + 5);
}

it("keeps so many of the newest, and so many bytes of them, and counts what had to go (P16.6)", () => {
  const { deadLetters } = scene.store;
  let dropped = 0;
  for (let i = 0; i < BOUNDS.deadLetters + 3; i++) dropped += give(`k-${i}`);
  expect([deadLetters.count, dropped]).toEqual([BOUNDS.deadLetters, 3]);
  expect(deadLetters.page(2).map(({ key }) => key)).toEqual(["k-1002", "k-1001"]);
  const large = "é".repeat(BOUNDS.deadLetterBytes / 8);
  for (let i = 0; i < 5; i++) dropped += give(`large-${i}`, large);
  // Each takes a quarter of what there may be, and the quotes around it are too much for the fourth.
  expect(deadLetters.page(10).map(({ key }) => key)).toEqual(["large-4", "large-3", "large-2"]);
  expect(dropped).toBe(BOUNDS.deadLetters + 3 + 2);
});

it("pages from the newest on, and survives its room's sleep", () => {
  for (const key of ["a", "b", "c"]) give(key);
  scene.restart();
  const { deadLetters } = scene.store;
  const [newest] = deadLetters.page(1);
  expect(newest).toMatchObject({ key: "c", to: WEBHOOK, source: 1, at: T0, givenUpAt: T0 + 5 });
  expect(deadLetters.page(5, newest?.id).map(({ key }) => key)).toEqual(["b", "a"]);
});

it("sends again under the same key, behind what waits, as if it had never been tried (P16.7)", () => {
  const { deadLetters, outbox } = scene.store;
  const queue = outbox.of("webhook");
  outbox.add({ to: WEBHOOK, source: 2, key: "waits", body: "{}" }, T0);
  give("given up", '{"type":"new_message"}');
  queue.postpone("tickets", T0 + 3_600_000);
  const [letter] = deadLetters.page(1);
  if (letter === undefined) throw new Error("There is no letter.");
  expect(scene.room.resend([letter], T0 + 100)).toEqual([letter]);
  expect(deadLetters.count).toBe(0);
  queue.reached("tickets");
  const waiting = queue.waiting({ now: T0 + 100, except: [], recipients: 1, each: 5 });
  expect(waiting).toMatchObject([
    { key: "waits" },
    { key: "given up", body: '{"type":"new_message"}', tries: 0, at: T0 + 100 },
  ]);
});

it("has room for what an older release gave up, and says neither why nor when", () => {
  scene.database.query(
    "INSERT INTO dead_letters (carrier, recipient, source, key, content, at) VALUES ('inbox', 'ada', 1, 'k', '{}', 1)",
  );
  expect(scene.store.deadLetters.page(1)).toMatchObject([{ reason: "", givenUpAt: 0 }]);
});
