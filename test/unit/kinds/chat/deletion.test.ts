import { beforeEach, expect, it } from "vitest";
import type { Actor } from "../../../../src/room/actor.ts";
import { RoomScene } from "../../room/support/scene.ts";

let scene: RoomScene;
beforeEach(() => {
  scene = new RoomScene("general");
  scene.join("ada");
  scene.join("mo", { permissions: ["read", "write", "moderate"] });
  scene.hear("ada", { type: "send_message", messageId: "m", payload: { content: "mine" } });
  scene.flush();
});

const deletion = { type: "delete_message", messageId: "d", payload: { seq: 1 } } as const;

it("tells the log who deleted whose message, and not what it said", () => {
  scene.hear("mo", deletion);
  expect(scene.flush().audits).toEqual([
    { action: "delete_message", by: "mo", target: "ada", seq: 1 },
  ]);
});

it("names the API key as the backend, on whosever behalf it acts", () => {
  const backend: Actor = { userId: "mo", name: "mo", permissions: ["moderate"], backend: true };
  let audits: readonly object[] = [];
  scene.room.submit({ frame: deletion, actor: backend, at: 0, bytes: 1, answer: () => {} });
  audits = scene.flush().audits;
  expect(audits).toMatchObject([{ by: "backend", target: "ada" }]);
});

it.each([
  ["one's own message", "ada", false],
  ["what could not be stored", "mo", true],
])("tells the log nothing of %s", (_, who, failing) => {
  scene.database.failing = failing;
  scene.hear(who, deletion);
  expect(scene.flush().audits).toEqual([]);
});

it("tells the log nothing of a deletion that comes again", () => {
  scene.hear("mo", deletion);
  scene.flush();
  scene.hear("mo", deletion);
  expect(scene.flush().audits).toEqual([]);
});
