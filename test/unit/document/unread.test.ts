import { describe, expect, it } from "vitest";
import { applyUpdate, Doc, decodeStateVector, encodeStateAsUpdate } from "yjs";
import { readMessage } from "../../../src/document/wire.ts";
import { EDITOR_BOUNDS } from "../../../src/protocol/editor-limits.ts";
import { DocumentScene, type Peer } from "./support/document-scene.ts";

const DEAF = 10;
const DEAF_ADDRESS = "198.51.100.7";
/** Two of it are nearly what all may owe together. */
const CHARS = 18_000_000;
/** Yjs takes its time over so much text, on a machine that does something else. */
const TIMEOUT_MS = 60_000;

/** A large document that many ask for who read nothing, all of one address. */
function crowded(): DocumentScene {
  const scene = new DocumentScene({ bytesPerSecond: 0, connectionsPerIp: 0 });
  const ada = scene.join("ada");
  for (let at = 0; at < 6; at++) {
    ada.type(String(at).repeat(CHARS / 6));
    scene.pass(1_100);
  }
  for (let at = 0; at < DEAF; at++) {
    const deaf = scene.enter(`deaf-${at}`, { address: DEAF_ADDRESS });
    deaf.sync();
    deaf.take = (frame) => void deaf.frames.push(frame);
  }
  scene.pass(200);
  return scene;
}

/** A document into which so much was put so often. */
function large(bytes: number, times: number): DocumentScene {
  const scene = new DocumentScene({ bytesPerSecond: 0, connectionsPerIp: 0 });
  for (let at = 0; at < times; at++) {
    const doc = new Doc();
    doc.getMap("map").set(String(at), new Uint8Array(bytes));
    scene.document.offer(encodeStateAsUpdate(doc));
    scene.pass(100);
  }
  return scene;
}

function bytesOf({ frames }: Peer): number {
  return frames.reduce((sum, { length }) => sum + length, 0);
}

describe("a large document that many ask for who read nothing", () => {
  it(
    "goes to those of another address first, as soon as there is room again",
    () => {
      const scene = crowded();
      const ben = scene.enter("ben");
      ben.sync();
      scene.pass(EDITOR_BOUNDS.syncSignMs + 1_000);
      expect(ben.text.length).toBe(CHARS);
    },
    TIMEOUT_MS,
  );

  it(
    "goes to one at a time while sockets that were closed for that have not ended",
    () => {
      const scene = crowded();
      scene.pass(EDITOR_BOUNDS.syncSignMs + 1_000);
      const ben = scene.enter("ben");
      const cyd = scene.enter("cyd");
      for (const peer of [ben, cyd]) {
        peer.take = (frame) => void peer.frames.push(frame);
        peer.sync();
      }
      scene.pass(EDITOR_BOUNDS.syncSignMs + 1_000);
      const served = [ben, cyd].filter((peer) => bytesOf(peer) > CHARS);
      expect(served).toHaveLength(1);
      for (let at = 0; at < DEAF; at++) scene.leave(`deaf-${at}`);
      scene.pass(200);
      expect([ben, cyd].filter((peer) => bytesOf(peer) > CHARS)).toHaveLength(2);
    },
    TIMEOUT_MS,
  );
});

it("who asks for a large document and is gone takes nobody's turn", () => {
  const scene = large(13_000_000, 2);
  for (let at = 0; at < 5; at++) {
    const gone = scene.enter(`gone-${at}`);
    gone.sync();
    gone.raw(new Uint8Array(5_000_000));
  }
  const ben = scene.enter("ben");
  ben.sync();
  scene.now += 100;
  scene.live.flush(scene.now);
  scene.pass(0);
  expect(bytesOf(ben)).toBeGreaterThan(26_000_000);
});

it("what comes while a large document is told to one after the other is not told as stored (P17.3)", () => {
  const scene = large(9_000_000, 1);
  const ada = scene.join("ada");
  ada.type("hello");
  scene.pass(1_000);
  const cyd = scene.enter("cyd");
  applyUpdate(cyd.doc, encodeStateAsUpdate(ada.doc), cyd);
  scene.enter("ben").sync();
  cyd.sync();
  scene.now += 100;
  scene.live.flush(scene.now);
  expect(scene.live.isTelling).toBe(true);
  ada.doc.getText("text").delete(0, 1);
  cyd.type(" world");
  scene.live.flush(scene.now);
  expect(scene.live.isTelling).toBe(false);
  const told: Uint8Array[] = [];
  cyd.take = (frame) => void told.push(frame);
  scene.deliver();
  const messages = told.map(readMessage).flatMap((read) => (read.ok ? [read.message] : []));
  const asked = messages.find(({ type }) => type === "sync_step_1");
  if (asked?.type !== "sync_step_1") throw new Error("It is asked nothing.");
  expect(decodeStateVector(asked.vector).has(cyd.doc.clientID)).toBe(false);
  for (const message of messages) {
    if (message.type === "sync_step_2") applyUpdate(cyd.doc, message.update, cyd);
  }
  expect(cyd.text).toBe("hello world");
});

it("what cannot be read for one who asks ends that one, and keeps nobody else waiting", () => {
  const scene = new DocumentScene();
  const ada = scene.join("ada");
  const [cyd, dan] = [scene.enter("cyd"), scene.enter("dan")];
  ada.type("hello");
  scene.pass(1_100);
  applyUpdate(cyd.doc, encodeStateAsUpdate(ada.doc), cyd);
  ada.type(" world");
  scene.pass(1_100);
  scene.database.query("UPDATE tail SET data = x'ff00ff' WHERE seq = 1");
  cyd.sync();
  scene.pass(100);
  expect([cyd.closed, scene.failures.length]).toEqual([1011, 1]);
  dan.type("dan's");
  scene.pass(100);
  expect(ada.text).toContain("dan's");
});
