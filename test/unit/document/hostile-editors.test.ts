import * as encoding from "lib0/encoding";
import { describe, expect, it } from "vitest";
import { Awareness } from "y-protocols/awareness";
import { applyUpdate, encodeStateAsUpdate } from "yjs";
import { writeShown } from "../../../src/document/awareness-message.ts";
import { Holdings } from "../../../src/document/holdings.ts";
import { EDITOR_BOUNDS } from "../../../src/protocol/editor-limits.ts";
import { YJS_BOUNDS } from "../../../src/protocol/yjs-limits.ts";
import { DocumentScene, type Peer } from "./support/document-scene.ts";

function show(peer: Peer, client: number, clock: number, state: string | null): void {
  const shown = writeShown([{ client, clock, state }]);
  peer.say(1, (encoder) => encoding.writeVarUint8Array(encoder, shown));
}

/** An update of one letter whose left neighbour is one of a client that nobody ever heard of. */
function waitingOf(client: number): Uint8Array {
  return encoding.encode((encoder) => {
    for (const number of [1, 1, client, 0]) encoding.writeVarUint(encoder, number);
    encoding.writeUint8(encoder, 0x84);
    for (const number of [99_999, 0, 1, 0x61, 0]) encoding.writeVarUint(encoder, number);
  });
}

/** Deleted items of one client: so many, with a gap behind each. */
function garbage(client: number, from: number, count: number, length = 1): Uint8Array {
  return encoding.encode((encoder) => {
    for (const number of [1, 2 * count - 1, client, from]) encoding.writeVarUint(encoder, number);
    for (let at = 0; at < count; at++) {
      for (const byte of at === 0 ? [0] : [10, 1, 0]) encoding.writeUint8(encoder, byte);
      encoding.writeVarUint(encoder, length);
    }
    encoding.writeVarUint(encoder, 0);
  });
}

describe("what an editor shows", () => {
  it("fits what its socket keeps, in whatever script, and is back after a sleep (P17.6)", () => {
    const scene = new DocumentScene();
    const [ada, ben] = [scene.join("ada"), scene.join("ben")];
    ben.awareness = new Awareness(ben.doc);
    const state = JSON.stringify({ name: `€${"x".repeat(YJS_BOUNDS.awarenessBytes - 100)}` });
    show(ada, 7, 1, state);
    ada.type("hello");
    scene.pass(100);
    expect([ben.text, JSON.stringify(ben.awareness.getStates().get(7))]).toEqual(["hello", state]);
    scene.sleep();
    const eve = scene.enter("eve");
    eve.awareness = new Awareness(eve.doc);
    eve.sync();
    scene.pass(100);
    expect(JSON.stringify(eve.awareness.getStates().get(7))).toBe(state);
  });

  it("stays when its client's old socket ends that still kept it over a sleep (P17.6)", () => {
    const scene = new DocumentScene();
    const old = scene.join("old", { userId: "ada" });
    show(old, 7, 1, '{"name":"Ada"}');
    scene.pass(100);
    const fresh = scene.join("fresh", { userId: "ada" });
    show(fresh, 7, 2, '{"name":"Ada"}');
    const ben = scene.join("ben");
    ben.awareness = new Awareness(ben.doc);
    scene.pass(100);
    scene.sleep();
    ben.say(3, () => {});
    scene.pass(100);
    scene.leave("old");
    scene.pass(100);
    expect(ben.awareness.getStates().get(7)).toEqual({ name: "Ada" });
  });

  it("is of a bounded number of clients, also one after the other: readers forget none", () => {
    const scene = new DocumentScene();
    const [ada, ben] = [scene.join("ada"), scene.join("ben")];
    ben.awareness = new Awareness(ben.doc);
    for (let client = 1; client <= 1_000; client++) {
      show(ada, client, 1, "{}");
      show(ada, client, 2, null);
    }
    scene.pass(100);
    expect(ben.awareness.meta.size).toBeLessThanOrEqual(257);
  });

  it("is asked for by nobody more often than the document itself", () => {
    const scene = new DocumentScene();
    const [ada, ben] = [scene.join("ada"), scene.join("ben")];
    show(ada, 7, 1, '{"name":"Ada"}');
    scene.pass(100);
    ben.frames.length = 0;
    for (let at = 0; at < 500; at++) ben.say(3, () => {});
    scene.pass(1);
    expect(ben.frames.length).toBeLessThanOrEqual(EDITOR_BOUNDS.syncsBurst);
    expect(ben.closed).toBeUndefined();
  });
});

describe("an update that waits for others", () => {
  it("has its sender come back when too much waits, for it must not be lost (P17.8)", () => {
    const scene = new DocumentScene();
    const mallory = scene.join("mallory");
    for (let at = 1; at <= YJS_BOUNDS.waitingUpdates; at++) mallory.update(waitingOf(at));
    const ada = scene.join("ada");
    // She has his letters by another way, before his own socket has brought them.
    const ben = new DocumentScene().join("ben");
    ben.type("his ");
    applyUpdate(ada.doc, encodeStateAsUpdate(ben.doc), ada);
    ada.type("hers");
    scene.pass(100);
    expect(ada.closed).toBe(1013);
    const again = scene.join("again");
    again.update(encodeStateAsUpdate(ada.doc));
    scene.pass(1_000);
    expect(scene.join("eve").text).toBe("his hers");
  });
});

describe("what lies beyond gaps", () => {
  it("is bounded also when what it is known to wait for comes, again and again", () => {
    const holdings = new Holdings();
    const kinds = new Set<string>();
    for (let client = 1; client <= 20; client++) {
      kinds.add(holdings.admit(garbage(client, 1, 900)).kind);
      kinds.add(holdings.admit(garbage(client, 0, 1, 40)).kind);
    }
    expect([...kinds].sort()).toEqual(["full", "news"]);
    const { ahead } = holdings.parts;
    const ranges = [...ahead.values()].reduce((sum, { length }) => sum + length / 2, 0);
    expect(ranges).toBeLessThan(10_000 + YJS_BOUNDS.gaps);
  });
});

describe("what a client echoes of others", () => {
  it("does not use up what it may say of the document, and shows that it reads (P17.8)", () => {
    const scene = new DocumentScene({ bytesPerSecond: 65_536, frameBytes: 65_536 });
    const [ada, ben] = [scene.join("ada"), scene.join("ben")];
    const echo = () => {
      for (let at = 0; at < 2_000; at++) show(ada, 1_000 + at, 1, '{"name":"Ben"}');
    };
    echo();
    ada.type("hello".repeat(100));
    scene.pass(1);
    expect([ada.closed, ben.text.length]).toEqual([undefined, 500]);
    const connection = scene.live.attendance.get("ada");
    if (connection === undefined) throw new Error("she is gone");
    scene.live.attendance.debts.sent(connection, EDITOR_BOUNDS.unreadShareBytes);
    scene.live.attendance.debts.asked(connection, "awareness", scene.now);
    echo();
    expect(connection.unreadBytes).toBe(0);
  });
});

describe("what is known of a document", () => {
  it("is kept beside it, or found again by reading it when no row could hold it", () => {
    const scene = new DocumentScene({ bytesPerSecond: 0 });
    const ada = scene.join("ada");
    const clients = 99_000;
    // No person may bring as many: they come by the backend.
    const update = encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, clients);
      for (let at = 0; at < clients; at++) {
        for (const number of [1, 4_000_000_000 - at]) encoding.writeVarUint(encoder, number);
        for (const byte of [0, 0]) encoding.writeUint8(encoder, byte);
        encoding.writeVarUint(encoder, 4_000_000_000);
      }
      encoding.writeVarUint(encoder, clients);
      for (let at = 0; at < clients; at++)
        for (const number of [4_000_000_000 - at, 1, 0, 3_999_999_999])
          encoding.writeVarUint(encoder, number);
    });
    scene.document.offer(update);
    ada.type("hello");
    scene.pass(1_100);
    scene.pass(1);
    expect(scene.failures).toEqual([]);
    expect(scene.store.snapshotBytes).toBeGreaterThan(0);
    expect(scene.store.holdings?.length).toBeLessThanOrEqual(EDITOR_BOUNDS.partBytes);
    scene.sleep();
    const rows = scene.store.tailRows;
    ada.update(update);
    scene.pass(1_100);
    expect(scene.store.tailRows).toBe(rows);
  });
});

describe("the clock", () => {
  it("that is set back leaves nobody who was refused connected for longer", () => {
    const scene = new DocumentScene();
    const ada = scene.join("ada");
    ada.raw(new Uint8Array(5_000_000));
    scene.now -= 3_600_000;
    expect(scene.live.flushDelayMs(scene.now)).toBeLessThanOrEqual(EDITOR_BOUNDS.refusedCloseMs);
    scene.pass(2 * EDITOR_BOUNDS.refusedCloseMs);
    expect(ada.closed).toBe(4413);
  });
});

describe("a tail that is long", () => {
  it("is folded also where something waits whenever the alarm goes off", () => {
    const scene = new DocumentScene({ bytesPerSecond: 0 });
    const [ada] = [scene.join("ada"), scene.join("ben")];
    for (let at = 0; at < EDITOR_BOUNDS.tailRows + 10; at++) {
      ada.type("a");
      if ((scene.live.wakeAt ?? Number.POSITIVE_INFINITY) <= scene.now) scene.live.wake(scene.now);
      scene.now += scene.live.flushDelayMs(scene.now);
      scene.live.flush(scene.now);
      // The alarm comes later than the next letter.
      ada.type("b");
      if ((scene.live.wakeAt ?? Number.POSITIVE_INFINITY) <= scene.now) scene.live.wake(scene.now);
    }
    expect(scene.store.snapshotBytes).toBeGreaterThan(0);
  });
});

describe("a fold that cannot be stored", () => {
  it("is told, and not tried again before there is more to fold", () => {
    const scene = new DocumentScene({ bytesPerSecond: 0 });
    const ada = scene.join("ada");
    for (let at = 0; at <= EDITOR_BOUNDS.restRows; at++) {
      ada.type("a");
      scene.pass(1_100);
    }
    scene.leave("ada");
    scene.live.flush(scene.now);
    expect(scene.live.wakeAt).toBe(Number.NEGATIVE_INFINITY);
    scene.database.failing = true;
    scene.live.wake(scene.now);
    scene.database.failing = false;
    expect([scene.failures.length, scene.live.wakeAt]).toEqual([1, undefined]);
    expect(scene.join("ben").text).toBe(ada.text);
  });
});

describe("a large document", () => {
  it("is sent again and again to nobody, whatever it answers", () => {
    const scene = new DocumentScene({ bytesPerSecond: 0 });
    const [ada, ben] = [scene.join("ada"), scene.enter("ben")];
    for (let at = 0; at < 4; at++) {
      ada.type(String(at).repeat(3_000_000));
      scene.pass(1_100);
    }
    const vector = Uint8Array.of(0);
    for (let at = 0; at < EDITOR_BOUNDS.syncsBurst; at++) {
      ben.say(0, (encoder) => {
        encoding.writeVarUint(encoder, 0);
        encoding.writeVarUint8Array(encoder, vector);
      });
      scene.pass(100);
    }
    const sent = ben.frames.reduce((sum, { length }) => sum + length, 0);
    expect(sent).toBeLessThan(EDITOR_BOUNDS.syncsBurst * 3_000_000);
    expect(ben.closed).toBe(1013);
  });

  it("keeps nobody's changes waiting for long when some who were sent it do not read", () => {
    const scene = new DocumentScene({ bytesPerSecond: 0 });
    const ada = scene.join("ada");
    for (let at = 0; at < 8; at++) {
      ada.type(String(at).repeat(3_100_000));
      scene.pass(1_100);
    }
    for (const id of ["ben", "cyd"]) {
      const mute = scene.enter(id);
      mute.sync();
      mute.take = () => {};
      scene.pass(200);
    }
    for (let at = 0; at < 3; at++) {
      ada.type("y".repeat(300_000));
      scene.pass(100);
    }
    const bytes = () => scene.store.tailBytes + scene.store.snapshotBytes;
    const before = bytes();
    ada.type("z");
    scene.pass(EDITOR_BOUNDS.signMs + 1_000);
    expect(bytes()).toBeGreaterThan(before);
  });

  it("is sent to no more at once than may owe it together", () => {
    const scene = new DocumentScene({ bytesPerSecond: 0 });
    const ada = scene.join("ada");
    for (let at = 0; at < 6; at++) {
      ada.type(String(at).repeat(3_000_000));
      scene.pass(1_100);
    }
    for (const id of ["ben", "cyd", "dan", "eve"]) scene.enter(id).sync();
    scene.now += 100;
    scene.live.flush(scene.now);
    while (scene.live.isTelling) scene.live.flush(scene.now);
    // What is told to those who are here must not wait until newcomers have read.
    const rows = scene.store.tailRows;
    ada.type("z");
    scene.now += 100;
    scene.live.flush(scene.now);
    expect(scene.store.tailRows - rows).toBe(1);
  });
});
