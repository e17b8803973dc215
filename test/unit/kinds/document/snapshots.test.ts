import { beforeEach, describe, expect, it } from "vitest";
import { DOCUMENT_BOUNDS } from "../../../../src/protocol/document-limits.ts";
import { BACKEND, T0 } from "../../room/support/scene.ts";
import { change, DocumentScene, snapshot } from "./support/document-scene.ts";

const MINUTE = 60_000;
const BACKEND_WRITER = { ...BACKEND, permissions: ["read", "write"] } as const;

let scene: DocumentScene;

beforeEach(() => {
  scene = new DocumentScene();
});

describe("whoever joins a document", () => {
  beforeEach(() => {
    scene.join("ada");
    scene.hear("ada", change(0, ["a", "b"], "m-1"));
    scene.flush();
    scene.hear("ada", change(2, ["c"], "m-2"));
    scene.flush();
  });

  it("is told all changes while there is no snapshot (P18.1, P18.2)", () => {
    scene.join("ben");
    expect(scene.joined("ben")).toMatchObject({
      version: 3,
      seq: 3,
      from: 0,
      snapshot: null,
      cursors: {},
      users: [{ userId: "ada" }, { userId: "ben" }],
      recovered: false,
      epoch: "epoch-1",
    });
    expect(scene.versions("ben")).toEqual([2, 3]);
  });

  it("is told the newest snapshot, and the changes after it (P18.7)", () => {
    scene.hear("ada", snapshot(2, { text: "ab" }));
    scene.flush();
    expect(scene.acks("ada").at(-1)).toEqual({ success: true, savedId: 2, version: 2 });
    scene.restart();
    scene.join("ben");
    expect(scene.joined("ben")).toMatchObject({
      version: 3,
      from: 2,
      snapshot: { version: 2, snapshot: { text: "ab" } },
    });
    expect(scene.versions("ben")).toEqual([3]);
  });

  it.each([
    [0, [2, 3]],
    [2, [3]],
    [3, []],
  ])("goes on from version %d, and is told what it missed (P18.8)", (since, versions) => {
    scene.hear("ada", snapshot(2, "ab"));
    scene.flush();
    scene.restart();
    scene.join("ben", {}, { epoch: "epoch-1", seq: since });
    expect(scene.joined("ben")).toMatchObject({ recovered: true, from: since, snapshot: null });
    expect(scene.versions("ben")).toEqual(versions);
  });

  it.each([
    ["in the midst of a frame", { epoch: "epoch-1", seq: 1 }],
    ["ahead of the document", { epoch: "epoch-1", seq: 4 }],
    ["in another life", { epoch: "epoch-0", seq: 2 }],
  ])("begins anew from a version that is %s", (_, cursor) => {
    scene.join("ben", {}, cursor);
    expect(scene.joined("ben")).toMatchObject({ recovered: false, from: 0 });
    expect(scene.versions("ben")).toEqual([2, 3]);
  });
});

describe("a snapshot", () => {
  beforeEach(() => {
    scene.join("ada");
    for (let version = 0; version < 3; version++) {
      scene.hear("ada", change(version * 2, ["x", "y"], `m-${version}`));
      scene.flush();
    }
  });

  it.each([1, 7])("of a version to which no change has led, %d, is refused", (version) => {
    scene.hear("ada", snapshot(version, "x"));
    scene.flush();
    expect(scene.acks("ada").at(-1)).toMatchObject({ success: false, error: { code: "conflict" } });
  });

  it("that is older than the one there is changes nothing", () => {
    scene.hear("ada", snapshot(4, "new"));
    scene.hear("ada", snapshot(2, "old"));
    scene.flush();
    expect(scene.acks("ada").at(-1)).toEqual({ success: true, savedId: 2, version: 2 });
    scene.join("ben");
    expect(scene.joined("ben")).toMatchObject({ snapshot: { version: 4, snapshot: "new" } });
  });

  it("that could not be stored is none", () => {
    scene.database.failing = true;
    scene.hear("ada", snapshot(4, "new"));
    scene.flush();
    scene.database.failing = false;
    expect(scene.acks("ada").at(-1)).toMatchObject({ success: false, error: { code: "internal" } });
    scene.join("ben");
    expect(scene.joined("ben")).toMatchObject({ snapshot: null, from: 0 });
  });
});

describe("the log of a document", () => {
  const KEPT = DOCUMENT_BOUNDS.eventsKept;
  const EVENTS = KEPT + 200;
  const LATER = T0 + 10 * MINUTE;

  beforeEach(() => {
    scene = new DocumentScene({ HISTORY_MAX_MESSAGES: "1", HISTORY_MAX_DAYS: "1" });
    for (let version = 0; version < EVENTS; version++) {
      scene.room.submit({
        frame: {
          type: "document_change",
          messageId: `m-${version}`,
          payload: { version, changes: ["x"] },
        },
        actor: BACKEND_WRITER,
        at: T0,
        bytes: 1,
      });
    }
    scene.flush();
  });

  /** A client that has been away, and comes back to write the document down. */
  function writeDown(version: number): void {
    scene.join("ada", { expiresAt: LATER + MINUTE }, undefined, LATER);
    scene.hear("ada", snapshot(version, "x"), LATER);
    scene.flush(LATER);
  }

  it("loses nothing but what a snapshot stands for, whatever is set for history (P18.9)", () => {
    scene.room.sweep(LATER);
    expect(scene.store.log.oldest).toBe(1);
    writeDown(EVENTS - 100);
    expect(scene.room.wakeAt).toBeLessThanOrEqual(LATER);
    scene.room.sweep(LATER);
    expect(scene.store.log.oldest).toBe(EVENTS - 100 + 1 - KEPT);
    expect(scene.room.isOver(LATER + 400 * 86_400_000)).toBe(false);
  });

  it("takes those back who stand where it still is, and others begin anew", () => {
    writeDown(EVENTS);
    scene.room.sweep(LATER);
    const first = EVENTS - KEPT;
    const session = { expiresAt: LATER + MINUTE };
    scene.join("ben", session, { epoch: "epoch-1", seq: first }, LATER);
    scene.join("eve", session, { epoch: "epoch-1", seq: first - 1 }, LATER);
    expect(scene.joined("ben")).toMatchObject({ recovered: true, from: first });
    expect(scene.joined("eve")).toMatchObject({ recovered: false, from: EVENTS });
  });
});
