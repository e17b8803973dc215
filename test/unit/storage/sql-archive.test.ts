import { expect, it } from "vitest";
import { ArchiveReader } from "../../../src/room/store/archive.ts";
import { BACKEND, RoomScene } from "../room/support/scene.ts";

/** The lines of an export, of which the rest is taken only after something has happened. */
function exportedAround(scene: RoomScene, happening: () => void): string[] {
  const portions = scene.store.archive.portions(scene.store.kind);
  let text = portions.next().value ?? "";
  happening();
  for (const portion of portions) text += portion;
  return text.trimEnd().split("\n");
}

function notify(scene: RoomScene, key: string): void {
  const payload = { type: "t", title: key };
  scene.ask(BACKEND, { type: "notify", messageId: key, payload });
}

it("tells of an inbox in use what was read up to the head that it is of, and no further", () => {
  const scene = new RoomScene("user:ada");
  for (const key of ["a", "b", "c"]) notify(scene, key);
  const ada = { userId: "ada", name: "Ada", permissions: ["read"] } as const;
  const lines = exportedAround(scene, () => {
    for (const key of ["d", "e", "f", "g"]) notify(scene, key);
    scene.ask(ada, { type: "read_notifications", payload: { upTo: 5 } });
    scene.ask(ada, { type: "read_notifications", payload: { ids: [7] } });
  });
  expect(lines).toContain('{"type":"inbox","readUpTo":3}');
  expect(lines.filter((line) => line.includes("inbox_read"))).toEqual([]);
  const reader = new ArchiveReader(scene.store.kind);
  for (const line of lines) reader.read(line);
  reader.end();
});

it("tells of a chat in use what people have read up to the head that it is of, and no further", () => {
  const scene = new RoomScene("general");
  const ada = { userId: "ada", name: "Ada", permissions: ["read", "write"] } as const;
  const say = (messageId: string) =>
    scene.ask(ada, { type: "send_message", messageId, payload: { content: messageId } });
  say("m-1");
  const lines = exportedAround(scene, () => {
    say("m-2");
    scene.ask(ada, { type: "read_messages", payload: { upTo: 2 } });
    say("m-3");
  });
  expect(lines).toContain('{"type":"receipt","userId":"ada","upTo":1}');
});
