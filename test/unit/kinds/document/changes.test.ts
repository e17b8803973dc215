import { beforeEach, describe, expect, it } from "vitest";
import { DOCUMENT_BOUNDS } from "../../../../src/protocol/document-limits.ts";
import { BACKEND, T0 } from "../../room/support/scene.ts";
import { change, DocumentScene, move, snapshot } from "./support/document-scene.ts";

const MINUTE = 60_000;
const BACKEND_WRITER = { ...BACKEND, permissions: ["read", "write"] } as const;

let scene: DocumentScene;

beforeEach(() => {
  scene = new DocumentScene();
});

describe("a change of a document", () => {
  it("is taken on top of all changes, acknowledged, and told to all with its key (P18.3, P18.4)", () => {
    scene.join("ada");
    scene.join("ben");
    scene.hear("ada", change(0, ["a", "b"], "m-1"));
    scene.flush();
    scene.hear("ben", change(2, [{ c: 1 }], "m-2"));
    scene.flush();
    expect(scene.acks("ada")).toEqual([{ success: true, savedId: 2, version: 2 }]);
    expect(scene.acks("ben")).toEqual([{ success: true, savedId: 3, version: 3 }]);
    const told = [
      { seq: 2, messageId: "m-1", from: 0, version: 2, changes: ["a", "b"], userId: "ada" },
      { seq: 3, messageId: "m-2", from: 2, version: 3, changes: [{ c: 1 }], userId: "ben" },
    ];
    expect([scene.heard("ada"), scene.heard("ben")]).toEqual([told, told]);
    const mine = scene.sockets
      .of("ada")
      .map(({ type }) => type)
      .filter((type) => type === "ack" || type === "remote_change");
    expect(mine.slice(0, 2)).toEqual(["ack", "remote_change"]);
  });

  it("that lacks some is refused, changes nothing, and is followed by those (P18.5)", () => {
    scene.join("ada");
    scene.join("ben");
    scene.hear("ada", change(0, ["a"], "m-1"));
    scene.hear("ben", change(0, ["b"], "m-2"));
    scene.flush();
    expect(scene.acks("ben")).toMatchObject([{ success: false, error: { code: "conflict" } }]);
    expect(scene.versions("ada")).toEqual([1]);
    const bens = scene.sockets.of("ben").map(({ type }) => type);
    expect(bens.lastIndexOf("remote_change")).toBeGreaterThan(bens.indexOf("ack"));
    expect(scene.keys("ben")).toEqual(["m-1", "m-1"]);
    expect(scene.store.log.head).toBe(1);
  });

  it.each([1, 7])(
    "that is ahead of the document, at %d, is refused and followed by nothing",
    (at) => {
      scene.join("ada");
      scene.hear("ada", change(at, ["a"]));
      scene.flush();
      expect(scene.acks("ada")).toMatchObject([{ success: false, error: { code: "conflict" } }]);
      expect(scene.heard("ada")).toEqual([]);
    },
  );

  it("that was stored is stored once, also after a crash, and answered with its version", () => {
    scene.join("ada");
    scene.hear("ada", change(0, ["a", "b"], "m-1"));
    scene.flush();
    scene.restart();
    scene.join("ada2", { userId: "ada" });
    scene.hear("ada2", change(0, ["a", "b"], "m-1"));
    scene.flush();
    expect(scene.acks("ada2")).toEqual([
      { success: true, savedId: 2, version: 2, duplicate: true },
    ]);
    expect(scene.store.log.head).toBe(1);
  });

  it("is refused to whoever may only read", () => {
    scene.join("eve", { permissions: ["read"] });
    scene.hear("eve", change(0, ["a"]));
    scene.hear("eve", snapshot(1, "a"));
    scene.flush();
    expect(scene.acks("eve")).toMatchObject([
      { error: { code: "access_denied" } },
      { error: { code: "access_denied" } },
    ]);
  });

  it("comes by request as well, and whoever lacks some is told how many there are", () => {
    const ask = (version: number, messageId: string) =>
      scene.ask(BACKEND_WRITER, {
        type: "document_change",
        messageId,
        payload: { version, changes: ["x"] },
      });
    expect(ask(0, "h-1")).toEqual({ ok: true, saved: { savedId: 1, version: 1 } });
    expect(ask(0, "h-2")).toMatchObject({ ok: false, error: { code: "conflict" } });
  });

  it("may come as often as fifty hands type, and whole changes count (P18.10)", () => {
    scene.join("ada");
    let version = 0;
    const send = (count: number) => {
      scene.hear("ada", change(version, Array(count).fill("x"), `m-${version}-${count}`));
      scene.flush();
      if (scene.acks("ada").at(-1)?.["success"] === true) version += count;
    };
    send(DOCUMENT_BOUNDS.changesBurst);
    send(1);
    expect(scene.acks("ada").at(-1)).toMatchObject({
      error: { code: "rate_limited", retryable: true },
    });
    expect(version).toBe(DOCUMENT_BOUNDS.changesBurst);
  });

  it.each([
    ["a list", change(0, Array(DOCUMENT_BOUNDS.changes + 1).fill("x"))],
    ["bytes", change(0, ["x".repeat(DOCUMENT_BOUNDS.changesBytes)])],
    ["a snapshot", snapshot(1, "x".repeat(DOCUMENT_BOUNDS.snapshotBytes))],
    ["a position", { ...move("x".repeat(DOCUMENT_BOUNDS.positionBytes)), messageId: "c" }],
  ])("is bounded, as %s", (_, frame) => {
    scene.join("ada");
    scene.hear("ada", frame);
    scene.flush();
    expect(scene.acks("ada")).toMatchObject([{ success: false, error: { code: "too_large" } }]);
  });
});

describe("those who write together", () => {
  it("are decided in the order in which they were first refused (P18.6)", () => {
    for (const id of ["zoe", "ada", "ben", "eve"]) scene.join(id);
    scene.hear("ada", change(0, ["a"], "a-1"));
    scene.hear("eve", change(0, ["e"], "e-1"));
    scene.flush(T0);
    scene.hear("ada", change(1, ["a"], "a-2"), T0 + 10);
    scene.hear("ben", change(0, ["b"], "b-1"), T0 + 10);
    scene.flush(T0 + 10);
    scene.hear("ada", change(2, ["a"], "a-3"), T0 + 20);
    scene.hear("ben", change(2, ["b"], "b-2"), T0 + 20);
    scene.hear("eve", change(2, ["e"], "e-2"), T0 + 20);
    scene.flush(T0 + 20);
    expect(scene.keys("zoe")).toEqual(["a-1", "a-2", "e-2"]);
    scene.hear("ada", change(3, ["a"], "a-4"), T0 + 30);
    scene.hear("ben", change(3, ["b"], "b-3"), T0 + 30);
    scene.flush(T0 + 30);
    expect(scene.heard("zoe").at(-1)).toMatchObject({ messageId: "b-3" });
  });

  it("keep their turn when what they sent could not be stored (P18.6)", () => {
    for (const id of ["zoe", "ada", "ben"]) scene.join(id);
    scene.hear("ada", change(0, ["a"], "a-1"));
    scene.hear("ben", change(0, ["b"], "b-1"));
    scene.flush(T0);
    scene.database.failing = true;
    scene.hear("ben", change(1, ["b"], "b-2"), T0 + 10);
    scene.flush(T0 + 10);
    scene.database.failing = false;
    scene.hear("ada", change(1, ["a"], "a-2"), T0 + 20);
    scene.hear("ben", change(1, ["b"], "b-2"), T0 + 20);
    scene.flush(T0 + 20);
    expect(scene.keys("zoe")).toEqual(["a-1", "b-2"]);
  });

  it("have ten milliseconds between two flushes", () => {
    scene.join("ada");
    scene.hear("ada", change(0, ["a"]));
    scene.flush(T0 + MINUTE);
    scene.hear("ada", change(1, ["b"]), T0 + MINUTE);
    expect(scene.room.flushDelayMs(T0 + MINUTE)).toBe(DOCUMENT_BOUNDS.gapMs);
    expect(scene.room.flushDelayMs(T0 + 2 * MINUTE)).toBe(0);
  });
});
