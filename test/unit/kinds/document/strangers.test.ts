import { beforeEach, describe, expect, it, vi } from "vitest";
import { SqlSnapshot } from "../../../../src/kinds/document/sql-snapshot.ts";
import { Tail } from "../../../../src/kinds/document/tail.ts";
import { Waiting } from "../../../../src/kinds/document/waiting.ts";
import { DOCUMENT_BOUNDS } from "../../../../src/protocol/document-limits.ts";
import { EncodedFrame } from "../../../../src/protocol/encoded-frame.ts";
import type { Json } from "../../../../src/protocol/json.ts";
import { BACKEND, T0 } from "../../room/support/scene.ts";
import { change, DocumentScene, move, snapshot } from "./support/document-scene.ts";

const BACKEND_WRITER = { ...BACKEND, permissions: ["read", "write"] } as const;

let scene: DocumentScene;

beforeEach(() => {
  vi.restoreAllMocks();
  scene = new DocumentScene();
});

/** So many frames of one change each, of the backend. */
function write(frames: number, one: Json): void {
  for (let version = 0; version < frames; version++) {
    const payload = { version, changes: [one] };
    const frame = { type: "document_change", messageId: `m-${version}`, payload };
    scene.room.submit({ frame, actor: BACKEND_WRITER, at: T0, bytes: 1 });
  }
  scene.flush();
}

describe("a stranger who says that it has nothing, as often as it may", () => {
  const REFUSALS = 100;
  /** Frames that go out with four flushes. */
  const FAR = 200;

  function refuse(): void {
    scene.join("eve");
    for (let i = 0; i < REFUSALS; i++) scene.hear("eve", change(0, ["e"], `e-${i}`));
  }

  it("has nothing read that would be too much to tell", () => {
    write(DOCUMENT_BOUNDS.missedEvents, "x".repeat(DOCUMENT_BOUNDS.missedBytes / 8));
    refuse();
    const read = vi.spyOn(scene.store.log, "eventsAfter");
    scene.flush();
    expect(scene.acks("eve")).toHaveLength(REFUSALS);
    expect(read).not.toHaveBeenCalled();
  });

  it("has what it lacks read once a flush, however many there are of it", () => {
    write(DOCUMENT_BOUNDS.missedEvents, "x".repeat(1_000));
    refuse();
    scene.join("ben");
    scene.hear("ben", change(2, ["b"]));
    const made = vi.spyOn(EncodedFrame, "fromJson");
    scene.flush();
    expect(made.mock.calls.length).toBeLessThanOrEqual(DOCUMENT_BOUNDS.missedEvents);
    const after = scene.sockets.of("eve").map(({ type }) => type);
    const [first, last] = [after.indexOf("ack"), after.lastIndexOf("ack")];
    expect(last - first).toBe(REFUSALS - 1);
    expect(scene.versions("eve").slice(-DOCUMENT_BOUNDS.missedEvents)).toEqual(
      Array.from({ length: DOCUMENT_BOUNDS.missedEvents }, (_, index) => index + 1),
    );
  });

  it("is told what it lacks once while it is told the log", () => {
    write(FAR, "x".repeat(140_000));
    scene.join("ada");
    for (let i = 0; i < DOCUMENT_BOUNDS.missedEvents; i++) {
      scene.hear("ada", change(FAR + i, ["y"]), T0 + i * 20);
      scene.flush(T0 + i * 20);
    }
    scene.enter("eve");
    scene.reading.add("eve");
    let flushes = 0;
    while (scene.room.connection("eve")?.catchUp !== undefined) {
      scene.hear("eve", change(FAR, ["e"], `e-${flushes}`));
      scene.flush();
      flushes += 1;
    }
    expect(flushes).toBeGreaterThan(2);
    const last = FAR + DOCUMENT_BOUNDS.missedEvents;
    // By the log, after the first refusal, and after the last, which came when it had been told the log.
    expect(scene.versions("eve").filter((version) => version === last)).toHaveLength(3);
    expect(scene.acks("eve")).toHaveLength(flushes);
  }, 60_000);

  it("leaves nothing behind when it has gone before it is refused", () => {
    const refused = vi.spyOn(Waiting.prototype, "refused");
    write(1, "x");
    scene.join("eve");
    scene.hear("eve", change(0, ["e"]));
    scene.room.leave("eve", T0);
    scene.flush();
    expect(refused).not.toHaveBeenCalled();
  });
});

describe("what a snapshot leaves to be told", () => {
  it("is not counted anew for each snapshot", () => {
    write(200, "x".repeat(100));
    scene.join("ada");
    const counted = vi.spyOn(scene.store.log, "bytesAfter");
    for (let version = 1; version <= 50; version++) {
      scene.hear("ada", snapshot(version, "held"));
      scene.hear("ada", change(199 + version, ["y"]));
    }
    scene.flush();
    expect(scene.acks("ada").every(({ success }) => success === true)).toBe(true);
    const rows = counted.mock.calls.map(([, limit]) => limit);
    expect(rows.filter((limit) => limit > 1).length).toBeLessThanOrEqual(1);
  });

  it("is counted in bytes, as it is after a sleep", () => {
    write(1, "x");
    const tail = new Tail(scene.store.log, new SqlSnapshot(scene.store.tables));
    expect(tail.isFull).toBe(false);
    const added = vi.spyOn(Tail.prototype, "grows");
    scene.join("ada");
    scene.hear("ada", change(1, ["日本語"]));
    scene.flush();
    expect(added.mock.calls).toEqual([[scene.store.log.bytesAfter(1, 1)]]);
  });
});

describe("cursors of a crowd", () => {
  it("are bounded with the names under which they are told", () => {
    const name = "u".repeat(120);
    const crowd = Math.floor(DOCUMENT_BOUNDS.cursorsBytes / name.length);
    scene.join("ada");
    const session = scene.room.connection("ada")?.session;
    if (session === undefined) throw new Error("ada is not here");
    scene.restart();
    for (let i = 0; i < crowd; i++) {
      const id = `${name}${i}`;
      scene.room.restore(id, { ...session, userId: id, ofKind: "1" }, T0);
    }
    scene.enter("eve");
    scene.hear("eve", { ...move(1), messageId: "c" });
    do scene.flush();
    while (scene.room.isTelling);
    expect(scene.acks("eve")).toMatchObject([{ success: false, error: { code: "rate_limited" } }]);
  });
});
