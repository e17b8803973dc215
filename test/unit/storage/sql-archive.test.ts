import { expect, it } from "vitest";
import { contract, kind } from "../../../src/contract/index.ts";
import { KindTable } from "../../../src/kinds/kind-table.ts";
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

it("leaves out what people have read of a kind whose contract keeps that no more, and can be read back (P12.13)", () => {
  const kinds = (receipts: boolean) => {
    const desk = contract("desk", { receipts });
    return new KindTable([kind(desk, {})]);
  };
  const scene = new RoomScene("desk:front", {}, kinds(true));
  scene.store.receipts.save(new Map([["ada", 0]]));
  const linesNow = () => exportedAround(scene, () => undefined);
  expect(linesNow()).toContain('{"type":"receipt","userId":"ada","upTo":0}');
  scene.kinds = kinds(false);
  scene.restart();
  const lines = linesNow();
  expect(lines.join()).not.toContain("receipt");
  const reader = new ArchiveReader(scene.store.kind);
  for (const line of lines) reader.read(line);
  reader.end();
});
