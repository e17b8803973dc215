import { describe, expect, it } from "vitest";
import { applyUpdate, Doc, encodeStateAsUpdate, mergeUpdates } from "yjs";
import { writeShown } from "../../../src/document/awareness-message.ts";
import { writeAwareness, writeUpdate } from "../../../src/document/wire.ts";
import { EDITOR_BOUNDS } from "../../../src/protocol/editor-limits.ts";
import { YJS_BOUNDS } from "../../../src/protocol/yjs-limits.ts";
import { SqlDocumentStore } from "../../../src/storage/sql-document-store.ts";
import { NodeDatabase } from "../../../src/testing/node-database.ts";
import { DocumentScene, textOf } from "./support/document-scene.ts";

/** A document that so many clients have written to, from the first id on. */
function crowd(count: number, first = 1): Uint8Array {
  const updates = Array.from({ length: count }, (_, at) => {
    const doc = new Doc();
    doc.clientID = first + at;
    doc.getText("text").insert(0, "x");
    return encodeStateAsUpdate(doc);
  });
  while (updates.length > 1) updates.push(mergeUpdates(updates.splice(0, 50)));
  return updates[0] ?? Uint8Array.of(0, 0);
}

describe("a connection", () => {
  it("is told once that others do not see all that it shows (P17.6)", () => {
    const scene = new DocumentScene();
    const [ada, ben] = [scene.join("ada"), scene.join("ben")];
    const large = JSON.stringify({ name: "x".repeat(YJS_BOUNDS.awarenessBytes) });
    for (let clock = 1; clock <= 3; clock++) {
      ada.raw(writeAwareness(writeShown([{ client: 7, clock, state: large }])));
      scene.pass(100);
    }
    expect(ada.denials).toEqual([expect.stringContaining("too_large: Others do not see all")]);
    expect([ada.closed, ben.denials]).toEqual([undefined, []]);
  });

  it("that may only read is closed at its tenth update that is none, like any other (P17.10)", () => {
    const scene = new DocumentScene();
    const eve = scene.join("eve", { canWrite: false });
    for (let at = 0; at < EDITOR_BOUNDS.badFrames; at++)
      eve.raw(writeUpdate(Uint8Array.of(9, 9, 9)));
    scene.pass(1_100);
    expect(eve.closed).toBe(4400);
  });
});

describe("room for clients", () => {
  const { newClientsBurst } = EDITOR_BOUNDS;

  it("is not used up by one person, over all of their connections, and is there for others (P17.19)", () => {
    const scene = new DocumentScene({ bytesPerSecond: 0 });
    const [one, two] = ["one", "two"].map((id) => scene.join(id, { userId: "mallory" }));
    one?.raw(writeUpdate(crowd(newClientsBurst - 2)));
    scene.pass(100);
    two?.raw(writeUpdate(crowd(3, newClientsBurst)));
    scene.pass(100);
    expect([one?.closed, two?.closed]).toEqual([undefined, 1013]);
    const ada = scene.join("ada");
    ada.type("hers");
    scene.pass(100);
    expect(ada.closed).toBeUndefined();
    expect(scene.join("eve").text).toContain("hers");
    scene.pass(60_000);
    const again = scene.join("again", { userId: "mallory" });
    again.raw(writeUpdate(crowd(3, newClientsBurst)));
    scene.pass(100);
    expect(again.closed).toBeUndefined();
  });

  it("is for more at once by the backend alone (P17.19)", () => {
    const scene = new DocumentScene({ bytesPerSecond: 0 });
    const mallory = scene.join("mallory");
    mallory.raw(writeUpdate(crowd(newClientsBurst + 1)));
    scene.pass(1_100);
    expect(mallory.closed).toBe(4413);
    expect(mallory.denials[0]).toContain("PUT");
  });
});

describe("a document that is full", () => {
  it("takes deletions, and has room again (P17.20)", () => {
    const scene = new DocumentScene({ documentBytes: 20_000, bytesPerSecond: 0 });
    const ada = scene.join("ada");
    ada.type("x".repeat(19_000));
    scene.pass(1_100);
    ada.type("y".repeat(2_000));
    scene.pass(1_100);
    expect(ada.closed).toBe(4413);
    scene.pass(EDITOR_BOUNDS.fullFoldMs);
    const ben = scene.join("ben");
    const text = ben.doc.getText("text");
    text.delete(0, text.length);
    scene.pass(1_100);
    expect(ben.closed).toBeUndefined();
    ben.type("z".repeat(18_000));
    scene.pass(1_100);
    expect(ben.closed).toBe(4413);
    const eve = scene.join("eve");
    expect(scene.store.snapshotBytes).toBeLessThan(1_000);
    eve.type("z".repeat(18_000));
    scene.pass(1_100);
    expect(eve.closed).toBeUndefined();
    expect(scene.join("zoe").text).toBe("z".repeat(18_000));
  });
});

describe("a document that was deleted", () => {
  function deleted() {
    const scene = new DocumentScene();
    const ada = scene.join("ada");
    ada.type("old");
    scene.pass(1_100);
    scene.live.erase(new SqlDocumentStore(new NodeDatabase(), "document:notes"), scene.now);
    scene.pass(1_100);
    expect(ada.closed).toBe(4403);
    return { scene, old: encodeStateAsUpdate(ada.doc) };
  }

  it("is not written anew by whoever still has it and comes back at once (P17.14)", () => {
    const { scene, old } = deleted();
    const again = scene.enter("again");
    applyUpdate(again.doc, old, again);
    again.sync();
    scene.pass(100);
    again.update(old);
    scene.pass(1_100);
    expect([again.closed, again.denials]).toEqual([4403, ["deleted"]]);
    expect(scene.join("ben").text).toBe("");
  });

  it("is not written anew when it was deleted twice, to make sure (P17.14)", () => {
    const { scene, old } = deleted();
    scene.live.erase(new SqlDocumentStore(new NodeDatabase(), "document:notes"), scene.now);
    const again = scene.enter("again");
    applyUpdate(again.doc, old, again);
    again.sync();
    scene.pass(1_100);
    expect([again.closed, again.denials]).toEqual([4403, ["deleted"]]);
  });

  it("begins anew by whoever has nothing of it, and is the old one's again by a backup", () => {
    const { scene, old } = deleted();
    const ben = scene.enter("ben");
    ben.type("written before it came");
    ben.sync();
    scene.pass(1_100);
    expect(ben.closed).toBeUndefined();
    ben.update(old);
    scene.pass(1_100);
    const back = scene.enter("back");
    applyUpdate(back.doc, old, back);
    back.sync();
    scene.pass(1_100);
    expect(back.closed).toBeUndefined();
    expect(back.text).toContain("old");
  });

  it("leaves the next one nothing of its want of room", () => {
    const scene = new DocumentScene({ documentBytes: 20_000, bytesPerSecond: 0 });
    const ada = scene.join("ada");
    ada.type("x".repeat(19_000));
    scene.pass(1_100);
    ada.doc.getText("text").insert(0, "y".repeat(2_000));
    scene.live.erase(new SqlDocumentStore(new NodeDatabase(), "document:notes"), scene.now);
    const ben = scene.join("ben");
    ben.type("new");
    scene.live.flush(scene.now);
    expect([scene.document.storedBytes > 0, scene.document.isFoldDue(false)]).toEqual([
      true,
      false,
    ]);
  });

  it("may be brought back some minutes later", () => {
    const { scene, old } = deleted();
    scene.pass(EDITOR_BOUNDS.deletedMs);
    const late = scene.enter("late");
    applyUpdate(late.doc, old, late);
    late.sync();
    scene.pass(1_100);
    expect([late.closed, textOf(old)]).toEqual([undefined, "old"]);
    expect(scene.join("ben").text).toBe("old");
  });
});
