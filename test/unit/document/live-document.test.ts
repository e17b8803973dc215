import * as encoding from "lib0/encoding";
import { describe, expect, it } from "vitest";
import { Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";
import { encodeStateAsUpdate } from "yjs";
import { writeShown } from "../../../src/document/awareness-message.ts";
import { EDITOR_BOUNDS } from "../../../src/protocol/editor-limits.ts";
import { DocumentScene, type Peer, T0, textOf } from "./support/document-scene.ts";

/** The first two bytes of a frame: which message it is. */
function kinds({ frames }: Peer): readonly string[] {
  return frames.map(([type, sort]) => (type === 0 ? `sync ${sort}` : String(type)));
}

const POISON = Uint8Array.of(1, 1, 7, 0, 132, 7, 0, 1, 97, 0);

function show(peer: Peer, state: object): void {
  peer.awareness ??= new Awareness(peer.doc);
  peer.awareness.setLocalState({ ...state });
  const update = encodeAwarenessUpdate(peer.awareness, [peer.doc.clientID]);
  peer.say(1, (encoder) => encoding.writeVarUint8Array(encoder, update));
}

function seen({ awareness }: Peer): readonly unknown[] {
  return [...(awareness?.getStates().values() ?? [])].map(({ name }) => name).sort();
}

describe("whoever joins", () => {
  it("is sent what it lacks, asked for what it has, and shown who is here, in this order (P17.2)", () => {
    const scene = new DocumentScene();
    const ada = scene.join("ada");
    ada.type("hello");
    show(ada, { name: "Ada" });
    scene.pass(1_000);
    const ben = scene.join("ben");
    expect(kinds(ben)).toEqual(["sync 1", "sync 0", "1"]);
    expect(ben.text).toBe("hello");
  });

  it("is told only what it lacks when it comes back, and says only what is new (P17.2, P17.5)", () => {
    const scene = new DocumentScene();
    const ada = scene.join("ada");
    ada.type("x".repeat(10_000));
    scene.pass(1_000);
    const rows = scene.store.tailRows;
    scene.leave("ada");
    ada.frames.length = 0;
    ada.sync();
    scene.live.attendance.enter(
      "ada",
      { userId: "ada", name: "Ada", canWrite: true, address: "", expiresAt: T0 + 1e9 },
      scene.now,
    );
    ada.sync();
    scene.pass(1_000);
    expect(kinds(ada)).toEqual(["sync 1", "sync 0"]);
    expect(ada.frames[0]?.length).toBeLessThan(20);
    expect(scene.store.tailRows).toBe(rows);
  });
});

describe("an update", () => {
  it("is stored before anybody hears of it, and its sender hears of it too (P17.3)", () => {
    const scene = new DocumentScene();
    const [ada, ben] = [scene.join("ada"), scene.join("ben")];
    ada.frames.length = 0;
    ada.type("hello");
    expect(scene.store.tailRows).toBe(0);
    scene.pass(100);
    expect(textOf(...scene.store.tail())).toBe("hello");
    expect(ben.text).toBe("hello");
    expect(kinds(ada)).toEqual(["sync 2"]);
  });

  it("is told with all others of its time in one frame and stored in one row (P17.4)", () => {
    const scene = new DocumentScene();
    const [ada, ben, eve] = [scene.join("ada"), scene.join("ben"), scene.join("eve")];
    const rows = scene.store.tailRows;
    eve.frames.length = 0;
    for (let at = 0; at < 20; at++) {
      ada.type("a");
      ben.type("b");
      show(ada, { name: "Ada", at });
    }
    scene.pass(100);
    expect(eve.text.length).toBe(40);
    expect(kinds(eve)).toEqual(["sync 2", "1"]);
    expect(scene.store.tailRows - rows).toBe(1);
  });

  it("of somebody who is alone waits a second for more, and not for company (P17.4)", () => {
    const scene = new DocumentScene();
    const ada = scene.join("ada");
    ada.type("a");
    scene.pass(10);
    for (let at = 0; at < 90; at++) {
      ada.type("b");
      scene.pass(10);
    }
    expect(scene.store.tailRows).toBe(1);
    const ben = scene.enter("ben");
    ben.sync();
    scene.pass(100);
    expect(ben.text).toBe(ada.text);
  });

  it("that cannot be stored is told to nobody, and everybody is to come back", () => {
    const scene = new DocumentScene();
    const [ada, ben] = [scene.join("ada"), scene.join("ben")];
    scene.database.failing = true;
    ada.type("lost");
    scene.pass(100);
    scene.database.failing = false;
    expect([ada.closed, ben.closed, ben.text]).toEqual([1011, 1011, ""]);
    const again = scene.join("again");
    again.update(encodingOf(ada));
    scene.pass(1_000);
    expect(scene.join("eve").text).toBe("lost");
  });

  it("that a reader could not take in is refused; the tenth refusal ends the connection (P17.10)", () => {
    const scene = new DocumentScene();
    const [ada, ben] = [scene.join("ada"), scene.join("ben")];
    for (let at = 0; at < EDITOR_BOUNDS.badFrames; at++) {
      ada.update(POISON);
      ben.type("b");
      scene.pass(100);
    }
    expect(ada.denials.length).toBe(EDITOR_BOUNDS.badFrames);
    scene.pass(2_000);
    expect([ada.closed, ben.closed]).toEqual([4400, undefined]);
    expect(scene.join("eve").text).toBe("b".repeat(EDITOR_BOUNDS.badFrames));
  });
});

describe("a connection", () => {
  it("hears nothing after its token's end, and is closed with 4401 (P17.11)", () => {
    const scene = new DocumentScene();
    const ada = scene.join("ada");
    const ben = scene.join("ben", { expiresAt: scene.now + 5_000 });
    scene.pass(4_500);
    const heard = ben.frames.length;
    scene.pass(600);
    ada.type("secret");
    scene.pass(100);
    expect(ben.text).toBe("");
    expect(ben.frames.length - heard).toBe(1);
    expect(ben.denials[0]).toContain("token_expired");
    scene.pass(1_500);
    expect(ben.closed).toBe(4401);
  });

  it("that only reads is told once that it changes nothing, and not for what is known (P17.7)", () => {
    const scene = new DocumentScene();
    const ada = scene.join("ada");
    ada.type("hello");
    ada.doc.getText("text").delete(0, 1);
    scene.pass(1_000);
    const ben = scene.join("ben", { canWrite: false });
    expect(ben.denials).toEqual([]);
    ben.type("EVIL");
    ben.type("EVIL");
    scene.pass(100);
    expect(ben.denials.length).toBe(1);
    expect(ada.text).toBe("ello");
  });

  it("keeps its cursor over a sleep, and it goes with it (P17.6)", () => {
    const scene = new DocumentScene();
    const [ada, ben] = [scene.join("ada"), scene.join("ben")];
    show(ada, { name: "Ada" });
    show(ben, { name: "Ben" });
    scene.pass(100);
    scene.sleep();
    const eve = scene.join("eve");
    show(eve, { name: "Eve" });
    eve.say(3, () => {});
    scene.pass(100);
    expect(seen(eve)).toEqual(["Ada", "Ben", "Eve"]);
    scene.leave("ada");
    scene.pass(100);
    expect(seen(eve)).toEqual(["Ben", "Eve"]);
  });
});

describe("a cursor that moves on and on", () => {
  it("is kept by its socket once a second, and where it came to rest before a sleep (P17.6)", () => {
    const scene = new DocumentScene();
    const ada = scene.join("ada");
    scene.join("ben");
    scene.pass(5_000);
    scene.keeps = 0;
    for (let at = 0; at < 55; at++) {
      show(ada, { name: "Ada", at });
      scene.pass(50);
    }
    expect(scene.keeps).toBe(3);
    expect(scene.live.hasWork, "it does not sleep yet").toBe(true);
    scene.pass(EDITOR_BOUNDS.keepGapMs);
    expect([scene.keeps, scene.live.hasWork]).toEqual([4, false]);
    expect(scene.kept.get("ada")?.cursors?.[0]?.[2]).toBe('{"name":"Ada","at":54}');
  });

  it("is told with every second flush where twenty are, and never keeps text waiting (P17.4)", () => {
    const scene = new DocumentScene();
    const peers = Array.from({ length: 20 }, (_, at) => scene.join(`user-${at}`));
    const [ada, ben, eve] = peers;
    if (ada === undefined || ben === undefined || eve === undefined) throw new Error("Nobody.");
    scene.pass(5_000);
    eve.frames.length = 0;
    for (let at = 0; at < 195; at++) {
      ada.type("a");
      show(ben, { name: "Ben", at });
      scene.pass(5);
    }
    const told = (kind: string) => kinds(eve).filter((one) => one === kind).length;
    expect([told("sync 2"), told("1")]).toEqual([20, 10]);
    scene.pass(EDITOR_BOUNDS.cursorGapMs);
    expect(eve.text.length).toBe(195);
    const shown = eve.frames.findLast(([type]) => type === 1);
    expect(new TextDecoder().decode(shown)).toContain('"at":194');
  });

  it("is dropped unread where others repeat it, and read where it is new (P17.6, P17.10)", () => {
    const scene = new DocumentScene();
    const [ada, ben] = [scene.join("ada"), scene.join("ben")];
    for (const peer of [ada, ben]) show(peer, { name: "here" });
    scene.pass(100);
    const clock = ada.awareness?.meta.get(ada.doc.clientID)?.clock ?? 0;
    const repeated = (by: Peer, client: number, at: number) =>
      by.say(1, (encoder) =>
        encoding.writeVarUint8Array(encoder, writeShown([{ client, clock: at, state: "{" }])),
      );
    repeated(ben, ada.doc.clientID, clock);
    repeated(ben, ada.doc.clientID, clock + 5);
    scene.pass(100);
    expect(ben.denials).toEqual([]);
    repeated(ada, ada.doc.clientID, clock + 1);
    repeated(ben, 7, 1);
    scene.pass(100);
    expect([ada.denials.length, ben.denials.length]).toEqual([1, 1]);
    expect(seen(ben)).toEqual(["here", "here"]);
  });
});

describe("a document", () => {
  it("that nobody wrote to is over when the last one leaves, and stores nothing", () => {
    const scene = new DocumentScene();
    scene.join("ada");
    expect(scene.live.isOver).toBe(false);
    scene.leave("ada");
    expect(scene.live.isOver).toBe(true);
    expect(scene.database.writes).toBe(0);
  });

  it("folds what was typed letter by letter, and is the same to whoever joins", () => {
    const scene = new DocumentScene({ bytesPerSecond: 0 });
    const [ada, ben] = [scene.join("ada"), scene.join("ben")];
    for (let at = 0; at < EDITOR_BOUNDS.tailRows + 10; at++) {
      ada.type(String(at % 10));
      scene.pass(60);
    }
    expect(scene.store.snapshotBytes).toBeGreaterThan(0);
    expect(scene.store.tailRows).toBeLessThan(20);
    expect(scene.join("eve").text).toBe(ada.text);
    expect(ben.text).toBe(ada.text);
    scene.sleep();
    ben.type("after");
    scene.pass(100);
    expect(ada.text.endsWith("after")).toBe(true);
    expect(scene.failures).toEqual([]);
  });

  it("takes what is written by the last one to leave", () => {
    const scene = new DocumentScene();
    const ada = scene.join("ada");
    ada.type("a");
    scene.pass(10);
    ada.type("b");
    scene.leave("ada");
    scene.pass(1);
    expect(textOf(...scene.store.tail())).toBe("ab");
  });
});

function encodingOf({ doc }: Peer): Uint8Array {
  return encodeStateAsUpdate(doc);
}
