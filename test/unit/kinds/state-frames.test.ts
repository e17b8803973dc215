import { beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { contract, kind } from "../../../src/contract/index.ts";
import { BUILT_IN } from "../../../src/kinds/built-in.ts";
import { KindTable } from "../../../src/kinds/kind-table.ts";
import { BOUNDS } from "../../../src/protocol/limits.ts";
import { RoomScene, T0 } from "../room/support/scene.ts";

const board = contract("board", {
  events: { write: z.object({ text: z.string() }), look: z.object({}) },
  state: z.object({ text: z.string() }),
  initial: { text: "" },
  apply: { write: (_, { data }) => ({ text: data.text }) },
});

const KINDS = new KindTable([...BUILT_IN, kind(board, {})]);
const FOLDS = { folds: board.hash };
/** So long a text that some twenty of them are more than a reader may owe. */
const LONG = "x".repeat(100_000);

let scene: RoomScene;
let writes: number;

beforeEach(() => {
  writes = 0;
  scene = new RoomScene("board:a", {}, KINDS);
  scene.join("writer", { ...FOLDS, backend: true });
});

function write(text: string, now: number): void {
  writes += 1;
  const actor = { userId: "writer", name: "writer", permissions: ["write"] as const };
  scene.ask(actor, { type: "write", messageId: `m-${writes}`, payload: { text } }, now);
}

function states(id: string) {
  return scene.sockets.payloads(id, "state");
}

describe("the state of a room", () => {
  it("is told to whoever does not fold by the room's contract, and to nobody else (P12.9)", () => {
    scene.join("older", { folds: "00000000" });
    scene.join("none");
    scene.join("same", FOLDS);
    write("soup", T0);
    for (const id of ["older", "none"]) {
      expect(states(id), id).toEqual([{ state: { text: "soup" }, seq: 1 }]);
      const types = scene.sockets.of(id).map(({ type }) => type);
      expect(types.indexOf("write")).toBeLessThan(types.indexOf("state"));
    }
    expect(states("same")).toEqual([]);
  });

  it("is told ten times a second at most, the newest alone (P12.9)", () => {
    scene.join("reader");
    for (let i = 0; i <= 100; i += 1) write(`text ${i}`, T0 + i * 10);
    const told = states("reader");
    expect(told.length).toBeGreaterThanOrEqual(10);
    expect(told.length).toBeLessThanOrEqual(11);
    write("last", T0 + 1_001);
    expect(states("reader").at(-1)).not.toMatchObject({ state: { text: "last" } });
    expect(scene.room.hasWork).toBe(true);
    const delayMs = scene.room.flushDelayMs(T0 + 1_001);
    expect(delayMs).toBeGreaterThan(0);
    scene.flush(T0 + 1_001 + delayMs);
    expect(states("reader").at(-1)).toEqual({ state: { text: "last" }, seq: 102 });
    expect(scene.room.hasWork).toBe(false);
  });

  it("keeps no room awake for a reader who left before it could be told", () => {
    scene.join("reader");
    write("soup", T0);
    write("bread", T0 + 1);
    expect(scene.room.hasWork).toBe(true);
    scene.room.leave("reader", T0 + 2);
    scene.flush(T0 + 2);
    scene.flush(T0 + BOUNDS.stateGapMs + 2);
    expect(scene.room.hasWork).toBe(false);
  });

  it("is told when it has changed, and to nobody whose greeting told it", () => {
    scene.join("reader");
    const actor = { userId: "w", name: "w", permissions: ["write"] as const };
    scene.ask(actor, { type: "look", messageId: "l", payload: {} }, T0);
    expect(states("reader")).toEqual([]);
    write("soup", T0 + 1_000);
    scene.join("late", {}, undefined, T0 + 1_500);
    scene.flush(T0 + 2_000);
    expect(states("late")).toEqual([]);
    expect(states("reader")).toHaveLength(1);
  });

  it("is encoded once for all who want it, and not at all where nobody does", () => {
    scene.join("same", FOLDS);
    const encode = vi.spyOn(JSON, "stringify");
    const encoded = () =>
      encode.mock.calls.filter(([value]) => Object.hasOwn(Object(value), "state")).length;
    write("soup", T0 + 10_000);
    const alone = encoded();
    for (let i = 0; i < 20; i += 1) scene.join(`r-${i}`);
    encode.mockClear();
    write("bread", T0 + 20_000);
    const many = encoded();
    encode.mockRestore();
    // Each second a snapshot is written.
    expect([alone, many]).toEqual([1, 2]);
    expect(states("r-19")).toHaveLength(1);
  });

  it("waits for a reader that owes much, who is told the newest once it has read", () => {
    scene.join("slow");
    let now = T0;
    // It shows that it knows marks, and reads no further.
    for (let i = 0; i < 4; i += 1) {
      now += 1_000;
      write(`${LONG}${i}`, now);
    }
    scene.reading.add("slow");
    scene.flush(now);
    scene.reading.clear();
    for (let i = 0; i < 60; i += 1) {
      now += 100;
      write(`${LONG}${i}`, now);
    }
    const told = states("slow").length;
    expect(told * LONG.length).toBeLessThan(BOUNDS.markShareBytes + 6 * LONG.length);
    expect(scene.sockets.saved.get("slow")).toMatchObject({ isBehind: true });
    scene.reading.add("slow");
    for (let i = 1; i <= 4; i += 1) scene.flush(now + i * 1_000);
    expect(states("slow").length).toBe(told + 1);
    expect(states("slow").at(-1)).toEqual({ state: { text: `${LONG}59` }, seq: 64 });
    expect(scene.sockets.saved.get("slow")?.isBehind).toBeUndefined();
  });

  it("is told over a sleep to those who are back, by what their sockets kept", () => {
    scene.join("reader");
    write("soup", T0);
    scene.restart();
    const session = { ...FOLDS, userId: "x", name: "X", permissions: ["read" as const] };
    const kept = {
      ...session,
      expiresAt: T0 + 3_600_000,
      wire: "json" as const,
      transport: "websocket" as const,
      address: "a",
      connectedAt: T0,
    };
    scene.room.restore("same", kept, T0);
    scene.room.restore("reader", { ...kept, folds: undefined }, T0);
    write("bread", T0 + 1_000);
    expect(states("reader")).toHaveLength(2);
    expect(states("same")).toEqual([]);
  });
});
