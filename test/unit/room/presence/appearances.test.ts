import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { contract, kind } from "../../../../src/contract/index.ts";
import { BUILT_IN } from "../../../../src/kinds/built-in.ts";
import { KindTable } from "../../../../src/kinds/kind-table.ts";
import type { Json } from "../../../../src/protocol/json.ts";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import { RoomScene, T0 } from "../support/scene.ts";

let scene: RoomScene;

beforeEach(() => {
  scene = new RoomScene("general");
  scene.join("ada-1", { userId: "ada", name: "Ada" });
  scene.join("ada-2", { userId: "ada", name: "Ada" });
  scene.join("ben");
});

/** Says what one shows, settled; what its sender is answered. */
function show(id: string, data: Json, messageId = "m", of = scene): unknown {
  of.hear(id, { type: "presence", messageId, payload: { data } });
  of.flush();
  return of.sockets.payloads(id, "ack").at(-1);
}

/** What everybody is shown to show, as a newcomer is told it. */
function shown(of = scene): Readonly<Record<string, unknown>> {
  of.join("eve");
  const users = of.sockets.payloads("eve", "joined_room").at(-1)?.["users"] as readonly {
    readonly userId: string;
    readonly data?: unknown;
  }[];
  of.room.leave("eve", T0);
  of.flush();
  return Object.fromEntries(
    users.flatMap(({ userId, data }) => (data === undefined ? [] : [[userId, data]])),
  );
}

/** The room after a hibernation, with the sessions that the sockets of these have kept. */
function wake(ids: readonly string[], of = scene): void {
  const kept = ids.map((id) => [id, of.room.connection(id)?.session] as const);
  const saved = new Map(of.sockets.saved);
  of.restart();
  for (const [id, session] of kept) {
    if (session === undefined) throw new Error(`${id} is not here`);
    // Of a session that was never saved anew, the socket has what it came with.
    of.room.restore(id, structuredClone(saved.get(id) ?? session), T0);
  }
}

describe("what a person shows of itself", () => {
  it("is told to the others, and to those who come, but to no newcomer twice (P15.7, P15.8)", () => {
    expect(show("ada-1", { color: "teal" })).toEqual({ success: true });
    const told = { userId: "ada", name: "Ada", data: { color: "teal" } };
    expect(scene.sockets.payloads("ben", "user_updated")).toEqual([told]);
    expect(scene.sockets.payloads("ada-2", "user_updated")).toEqual([told]);
    expect(scene.sockets.payloads("ada-1", "user_updated")).toEqual([]);
    expect(shown()).toEqual({ ada: { color: "teal" } });
    expect(scene.sockets.payloads("eve", "user_updated")).toEqual([]);
    expect(scene.room.shownUsers).toContainEqual(told);
  });

  it("is told to those who came between its saying and its flush", () => {
    scene.hear("ada-1", { type: "presence", payload: { data: 1 } });
    scene.enter("eve");
    scene.flush();
    const [greeting] = scene.sockets.payloads("eve", "joined_room");
    expect(greeting?.["users"]).toContainEqual({ userId: "ada", name: "Ada" });
    expect(scene.sockets.payloads("eve", "user_updated")).toMatchObject([{ data: 1 }]);
  });

  it("is told once a flush, the newest, and its keeper is saved once (P15.7)", () => {
    scene.sockets.saved.clear();
    for (const x of [1, 2, 3]) scene.hear("ada-1", { type: "presence", payload: { data: { x } } });
    scene.hear("ben", { type: "presence", payload: { data: "hi" } });
    scene.hear("ada-2", { type: "presence", payload: { data: { x: 4 } } });
    scene.flush();
    const told = (id: string) => scene.sockets.payloads(id, "user_updated").map(({ data }) => data);
    expect(told("ben")).toEqual([{ x: 4 }]);
    expect(told("ada-1")).toEqual(["hi", { x: 4 }]);
    expect(shown()).toEqual({ ada: { x: 4 }, ben: "hi" });
    expect(scene.sockets.saved.get("ada-1")?.shown).toBeUndefined();
    expect(scene.sockets.saved.get("ada-2")?.shown).toBe('{"x":4}');
  });

  it("is what any of its connections said last, until the last of them has gone (P15.8)", () => {
    show("ada-1", "first");
    show("ada-2", "second");
    scene.room.leave("ada-2", T0);
    expect(shown()).toEqual({ ada: "second" });
    scene.room.leave("ada-1", T0);
    scene.join("ada-3", { userId: "ada" });
    expect(shown()).toEqual({});
  });

  it("outlives a hibernation with whichever connection is left, and is never stored (P15.8)", () => {
    show("ada-1", { color: "teal" });
    wake(["ada-1", "ada-2", "ben"]);
    expect(shown()).toEqual({ ada: { color: "teal" } });
    scene.room.leave("ada-1", T0);
    scene.flush();
    wake(["ada-2", "ben"]);
    expect(shown()).toEqual({ ada: { color: "teal" } });
    show("ada-2", null);
    wake(["ada-2", "ben"]);
    expect(shown()).toEqual({});
    expect(scene.store.isWritten).toBe(false);
  });

  it("is taken back with null, of which the others are told", () => {
    show("ada-1", "here");
    show("ada-2", null);
    expect(scene.sockets.payloads("ben", "user_updated").at(-1)).toMatchObject({ data: null });
    expect(shown()).toEqual({});
  });

  it("changes nothing where its sender has left before it was settled", () => {
    scene.hear("ben", { type: "presence", payload: { data: 1 } });
    scene.room.leave("ben", T0);
    scene.flush();
    expect(scene.sockets.payloads("ada-1", "user_updated")).toEqual([]);
    expect(shown()).toEqual({});
  });

  it("is told although the disk is full", () => {
    scene.hear("ada-1", { type: "send_message", messageId: "1", payload: { content: "hi" } });
    scene.database.failing = true;
    show("ben", "busy");
    scene.database.failing = false;
    expect(scene.sockets.payloads("ada-1", "user_updated")).toMatchObject([{ data: "busy" }]);
  });

  it.each<[string, object, Json, string]>([
    ["more than 2 KiB", {}, "x".repeat(BOUNDS.presenceDataBytes), "too_large"],
    ["nothing to write or publish with", { permissions: ["read"] }, 1, "access_denied"],
  ])("is refused with %s", (_, session, data, code) => {
    scene.join("eve", session);
    expect(show("eve", data)).toMatchObject({ success: false, error: { code } });
    expect(scene.room.shownUsers).toContainEqual({ userId: "eve", name: "EVE" });
  });

  it("has a bound for all people of a room together, which those who leave give back (P15.9)", () => {
    const data = "x".repeat(BOUNDS.presenceDataBytes - 2);
    const people = BOUNDS.presenceRoomBytes / BOUNDS.presenceDataBytes;
    for (let i = 0; i <= people; i++) scene.join(`user-${i}`);
    for (let i = 0; i < people; i++) expect(show(`user-${i}`, data)).toEqual({ success: true });
    const last = `user-${people}`;
    expect(show(last, 1)).toMatchObject({ error: { code: "rate_limited" } });
    expect(show("user-0", "less")).toEqual({ success: true });
    expect(show(last, 1)).toEqual({ success: true });
    scene.room.leave("user-1", T0);
    expect(show(last, data)).toEqual({ success: true });
  });

  it.each(["topic:prices", "user:ada"])(
    "is nothing that %s takes, where nobody is shown",
    (name) => {
      const room = new RoomScene(name);
      room.join("ada");
      expect(show("ada", 1, "m", room)).toMatchObject({ error: { code: "unknown_type" } });
    },
  );
});

describe("what a person shows in a room of a team's own kind", () => {
  const cursor = z.object({ x: z.number(), color: z.string().default("teal") });
  const board = kind(contract("board", { presence: cursor }), {});
  const bare = kind(contract("bare", {}), {});
  const wild = kind(
    contract("wild", { presence: z.string().transform((text) => text.repeat(3_000)) }),
    {},
  );
  const KINDS = new KindTable([...BUILT_IN, board, bare, wild]);

  it("is what its contract's schema puts out (P15.7)", () => {
    const room = new RoomScene("board:a", {}, KINDS);
    room.join("ada");
    room.join("ben");
    expect(show("ada", { x: 1 }, "m", room)).toEqual({ success: true });
    expect(room.sockets.payloads("ben", "user_updated")).toMatchObject([
      { data: { x: 1, color: "teal" } },
    ]);
    expect(shown(room)).toEqual({ ada: { x: 1, color: "teal" } });
    expect(show("ada", null, "m", room)).toEqual({ success: true });
    expect(shown(room)).toEqual({});
  });

  it.each<[string, string, unknown, string]>([
    ["what the schema does not take", "board:a", { data: { x: "1" } }, "invalid_frame"],
    ["no data", "board:a", {}, "invalid_frame"],
    ["no payload", "board:a", undefined, "invalid_frame"],
    ["too much of what it puts out", "wild:a", { data: "x" }, "too_large"],
    ["a contract that says nothing of it", "bare:a", { data: { x: 1 } }, "unknown_type"],
  ])("is refused: %s", (_, name, payload, code) => {
    const room = new RoomScene(name, {}, KINDS);
    room.join("ada");
    room.hear("ada", { type: "presence", messageId: "m", payload });
    room.flush();
    expect(room.sockets.payloads("ada", "ack")).toMatchObject([{ error: { code } }]);
  });
});
