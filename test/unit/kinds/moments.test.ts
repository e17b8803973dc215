import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { contract, kind } from "../../../src/contract/index.ts";
import { BUILT_IN } from "../../../src/kinds/built-in.ts";
import { KindTable } from "../../../src/kinds/kind-table.ts";
import { CLOSES } from "../../../src/protocol/close.ts";
import { ROOM_DELETED } from "../../../src/protocol/refusals.ts";
import { desks } from "../../fixtures/kinds/desk.ts";
import { RoomScene, T0 } from "../room/support/scene.ts";

const KINDS = new KindTable([...BUILT_IN, desks]);

let scene: RoomScene;

beforeEach(() => {
  scene = new RoomScene("desk:front", {}, KINDS);
});

/** The log, an event as `who did what`. */
function log(of = scene): readonly string[] {
  const events = [...of.store.log.eventsAfter(0, of.store.log.head)];
  return events.map((text) => {
    const { type, userId } = JSON.parse(text);
    return `${userId} ${type}`;
  });
}

function leave(id: string, now = T0): void {
  scene.room.leave(id, now);
}

describe("joined and left", () => {
  it("run for a person's first connection and for the last one (P15.1)", () => {
    scene.join("ada-1", { userId: "ada" });
    scene.join("ada-2", { userId: "ada" });
    scene.join("ben");
    leave("ada-1");
    scene.flush();
    expect(log()).toEqual(["ada came", "ben came"]);
    leave("ada-2");
    scene.flush();
    expect(log()).toEqual(["ada came", "ben came", "ada went"]);
  });

  it.each<[string, object, readonly string[]]>([
    ["an event stream", { transport: "sse" }, ["eve came"]],
    ["a poll", { transport: "poll" }, []],
    ["the backend", { backend: true }, []],
  ])("hear of %s as presence does (P15.1, P4.8)", (_, session, events) => {
    scene.join("eve", session);
    expect(log()).toEqual(events);
  });

  it("come before whatever the person says, and the greeting is from before them (P15.2)", () => {
    scene.enter("ada");
    scene.hear("ada", { type: "rang", messageId: "1", payload: {} });
    scene.flush();
    expect(log()).toEqual(["ada came", "ada rang"]);
    const [greeting, ...events] = scene.sockets.of("ada");
    expect(greeting?.payload).toMatchObject({ seq: 0, state: { here: [] } });
    expect(events.map(({ type, seq }) => [type, seq])).toEqual([
      ["came", 1],
      ["rang", 2],
      ["ack", undefined],
      ["state", undefined],
    ]);
  });

  it("settle a thousand who come at once in one flush, and harm nobody where one fails (P15.3)", () => {
    const ids = Array.from({ length: 1_000 }, (_, i) => (i === 500 ? "clumsy" : `user-${i}`));
    for (const id of ids) scene.enter(id);
    const { failures } = scene.flush();
    expect(failures).toMatchObject([{ message: "joined: Error: a rule that fails" }]);
    expect(scene.room.counters.counts.refusals).toEqual({ internal: 1 });
    expect(Object.values(scene.room.counters.counts.flushes)).toEqual([1]);
    expect(log()).toHaveLength(999);
    expect(scene.room.connections).toBe(1_000);
    expect(scene.sockets.of("clumsy").filter(({ type }) => type === "error")).toEqual([]);
  });

  it("may close whoever has come, of whom nothing more is heard (P15.4)", () => {
    scene.join("ada");
    scene.enter("unwanted");
    scene.hear("unwanted", { type: "rang", messageId: "1", payload: {} });
    scene.flush();
    scene.flush();
    expect(scene.sockets.closes.get("unwanted")).toBe(4403);
    expect(scene.sockets.payloads("unwanted", "ack")).toMatchObject([
      { success: false, error: { code: "access_denied" } },
    ]);
    expect(log()).toEqual(["ada came", "unwanted came", "unwanted went"]);
  });

  it("do not run for connections that outlived a hibernation, but when those end", () => {
    scene.join("ada");
    const session = scene.room.connection("ada")?.session;
    if (session === undefined) throw new Error("not here");
    scene.restart();
    scene.room.restore("ada", session, T0);
    scene.flush();
    expect(log()).toEqual(["ada came"]);
    leave("ada");
    scene.flush();
    expect(log()).toEqual(["ada came", "ada went", "system emptied"]);
  });
});

it("say once that a person is gone whose connections all ended in one sleep", () => {
  scene.join("ada-1", { userId: "ada" });
  scene.join("ada-2", { userId: "ada" });
  const ids = ["ada-1", "ada-2"];
  const sessions = ids.map((id) => scene.room.connection(id)?.session);
  scene.restart();
  for (const [index, id] of ids.entries()) {
    const session = sessions[index];
    if (session === undefined) throw new Error("not here");
    scene.room.restore(id, session, T0, true);
    leave(id);
    scene.flush();
  }
  expect(log()).toEqual(["ada came", "ada went", "system emptied"]);
  scene.join("ada");
  leave("ada");
  scene.flush();
  expect(log().slice(3)).toEqual(["ada came", "ada went", "system emptied"]);
});

describe("empty", () => {
  it("runs when the last person has gone, after left (P15.5)", () => {
    scene.join("ada");
    scene.join("ben");
    leave("ada");
    scene.flush();
    leave("ben");
    scene.flush();
    expect(log().slice(2)).toEqual(["ada went", "ben went", "system emptied"]);
    scene.room.sweep(T0 + 600_000);
    scene.flush(T0 + 600_000);
    expect(log()).toHaveLength(5);
  });

  it("runs for people who came and went within one flush", () => {
    scene.enter("ada");
    leave("ada");
    scene.flush();
    expect(log()).toEqual(["ada came", "ada went", "system emptied"]);
  });

  it("does not run while somebody comes back within the same flush", () => {
    scene.join("ada");
    leave("ada");
    scene.enter("ada-again", { userId: "ada" });
    scene.flush();
    expect(log()).toEqual(["ada came", "ada went", "ada came"]);
    expect(scene.store.occupancy.isMarked).toBe(true);
  });

  it("runs once where a life finds nobody of those who were here before a crash (P15.6)", () => {
    scene.join("ada");
    for (const later of [120_000, 240_000, 360_000]) {
      scene.restart();
      expect(scene.room.isOver(T0 + later)).toBe(false);
      scene.room.sweep(T0 + later);
      scene.flush(T0 + later);
    }
    expect(log()).toEqual(["ada came", "system emptied"]);
  });

  it("does not run for those who are back by the time that the room is looked at (P15.6)", () => {
    scene.join("ada");
    scene.restart();
    scene.join("ada");
    scene.sockets.pings.set("ada", T0 + 119_000);
    scene.room.sweep(T0 + 120_000);
    scene.flush(T0 + 120_000);
    expect(log()).toEqual(["ada came", "ada came"]);
  });

  it("runs once although it fails", () => {
    const failing = kind(contract("failing", {}), {
      empty() {
        throw new Error("a rule that fails");
      },
    });
    const room = new RoomScene("failing:a", {}, new KindTable([...BUILT_IN, failing]));
    room.join("ada");
    room.room.leave("ada", T0);
    expect(room.flush().failures).toMatchObject([{ message: "empty: Error: a rule that fails" }]);
    room.room.sweep(T0 + 600_000);
    expect(room.flush(T0 + 600_000).failures).toEqual([]);
    expect(room.room.isOver(T0 + 600_000)).toBe(true);
  });

  it("runs after all where the disk had no room for it at first", () => {
    scene.join("ada");
    leave("ada");
    scene.database.failing = true;
    expect(scene.flush().failures).toHaveLength(1);
    scene.database.failing = false;
    expect(scene.room.wakeAt).toBeLessThanOrEqual(T0 + 120_000);
    scene.room.sweep(T0 + 120_000);
    scene.flush(T0 + 120_000);
    expect(log()).toEqual(["ada came", "system emptied"]);
  });

  it("does not run where the room itself is ended", () => {
    scene.join("ada");
    scene.room.end(ROOM_DELETED, CLOSES.deleted, T0);
    scene.flush();
    expect(log()).toEqual(["ada came"]);
    expect(scene.room.hasWork).toBe(false);
  });
});

describe("what a room stores of who is there", () => {
  const signals = { hi: z.object({}) };
  const uncounted = kind(contract("uncounted", { signals }), { joined() {}, left() {} });
  const counted = kind(contract("counted", { signals }), { empty() {} });
  const sceneOf = (name: string) =>
    new RoomScene(name, {}, new KindTable([...BUILT_IN, uncounted, counted]));

  it("is nothing where no rule asks when nobody is left", () => {
    const room = sceneOf("uncounted:a");
    room.join("ada");
    room.room.leave("ada", T0);
    room.flush();
    expect(room.store.isWritten).toBe(false);
  });

  it("is one row while somebody is there, and nothing worth keeping afterwards", () => {
    const room = sceneOf("counted:a");
    room.join("ada");
    const writes = room.database.writes;
    room.join("ben");
    room.room.leave("ada", T0);
    room.flush();
    expect(room.database.writes).toBe(writes);
    expect(room.room.isBlank(T0)).toBe(false);
    room.room.leave("ben", T0);
    room.flush();
    expect(room.room.isOver(T0)).toBe(true);
  });
});

describe("a rule that is asynchronous", () => {
  it("is refused and counted, whatever it does later", async () => {
    const late = contract("late", { events: { said: z.object({}) } });
    const rules = {
      async joined({ tx }: { tx: { append(type: "said", data: object): void } }) {
        await null;
        tx.append("said", {});
      },
    };
    const room = new RoomScene("late:a", {}, new KindTable([...BUILT_IN, kind(late, rules)]));
    room.enter("ada");
    expect(String(room.flush().failures[0])).toContain("asynchronous");
    await null;
    room.flush();
    expect(log(room)).toEqual([]);
  });
});
