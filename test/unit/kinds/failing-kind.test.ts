import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { reservedContract } from "../../../src/contract/reserved-contract.ts";
import { type Extension, extendedKind } from "../../../src/kinds/extension.ts";
import { KindTable } from "../../../src/kinds/kind-table.ts";
import { Desk } from "../../../src/objects/desk.ts";
import type { KindMemory } from "../../../src/room/hooks/kind.ts";
import { eventFrame } from "../../../src/room/log/event-frame.ts";
import { limitsOf } from "../../../src/testing/room-life.ts";
import { RoomScene, T0 } from "../room/support/scene.ts";

type Place = keyof KindMemory | "decide" | "keep";

/** Where its code fails now. */
let broken: ReadonlySet<Place>;

function fail(place: Place): void {
  if (broken.has(place)) throw new Error(`broken in ${place}`);
}

const fragile = reservedContract("topic", {
  events: { new_message: z.object({}) },
  signals: {},
  commands: { send_message: z.object({ content: z.string() }) },
});

/** A kind that fails where it is told to; what is said of a place fails in its decision and effects alone. */
const EXTENSION: Extension<typeof fragile, KindMemory> = {
  presence: true,
  address: { title: "A fragile room", room: "topic:{name}", parameters: {} },
  log: { frame: eventFrame },
  archive: { lines: [], sections: () => [] },
  open: () => ({
    appended: () => fail("appended"),
    save: () => fail("save"),
    settled: () => fail("settled"),
    rolledBack: () => fail("rolledBack"),
    greet() {
      fail("greet");
      return { fields: {}, history: [] };
    },
    poll() {
      fail("poll");
      return {};
    },
    page() {
      fail("page");
      return { entries: [], fields: {} };
    },
    left() {
      fail("left");
      return [];
    },
    upkeep: () => fail("upkeep"),
    due() {
      fail("due");
      return [];
    },
    wakeAt() {
      fail("wakeAt");
      return undefined;
    },
    trimmed: () => fail("trimmed"),
    livesUntil() {
      fail("livesUntil");
      return Number.NEGATIVE_INFINITY;
    },
  }),
  decide: {
    send_message({ data, tx }) {
      if (data.content === "decide") fail("decide");
      tx.append("new_message", JSON.parse("{}"));
      tx.keep(() => {
        if (data.content === "keep") fail("keep");
        return [];
      });
      return undefined;
    },
  },
};

const KINDS = new KindTable([extendedKind(fragile, {}, EXTENSION)]);

let scene: RoomScene;

beforeEach(() => {
  broken = new Set();
  scene = new RoomScene("topic:fragile", {}, KINDS);
  scene.join("ada");
  scene.join("ben");
});

function say(id: string, messageId: string, at?: Place): void {
  scene.hear(id, { type: "send_message", messageId, payload: { content: at ?? "hi" } });
}

/** What each ack says: of which request, whether it was done, and why not. */
function acks(id: string) {
  const all = scene.sockets.of(id).filter(({ type }) => type === "ack");
  return all.map(({ messageId, payload }) => {
    const { success, error } = Object(payload);
    return [messageId, success, error?.code];
  });
}

describe("a kind whose code throws", () => {
  it.each<Place>(["decide", "keep"])(
    "in %s harms the frame alone that it throws for, of which nothing is stored",
    (place) => {
      broken = new Set([place]);
      say("ada", "before");
      say("ben", "bad", place);
      say("ada", "after");
      expect(scene.flush().failures).toEqual([new Error(`broken in ${place}`)]);
      expect(acks("ada")).toEqual([
        ["before", true, undefined],
        ["after", true, undefined],
      ]);
      expect(acks("ben")).toEqual([["bad", false, "internal"]]);
      expect(scene.store.log.head).toBe(2);
      expect([...scene.store.log.eventsAfter(0, 9)]).toHaveLength(2);
      expect(scene.room.counters.counts.refusals).toEqual({ internal: 1 });
      const told = scene.sockets.of("ben").filter(({ type }) => type === "new_message");
      expect(told.map(({ seq }) => seq)).toEqual([1, 2]);
    },
  );

  it("takes a request again that failed, once it no longer does", () => {
    broken = new Set(["keep"]);
    say("ada", "m-1", "keep");
    scene.flush();
    broken = new Set();
    say("ada", "m-1", "keep");
    scene.flush();
    expect(acks("ada")).toEqual([
      ["m-1", false, "internal"],
      ["m-1", true, undefined],
    ]);
    expect(scene.store.log.head).toBe(1);
  });

  it.each<Place>(["save", "appended"])(
    "in %s refuses what it was to write, and stores nothing by half",
    (place) => {
      broken = new Set([place]);
      say("ada", "m-1");
      say("ben", "m-2");
      expect(scene.flush().failures).toEqual([new Error(`broken in ${place}`)]);
      expect([acks("ada"), acks("ben")]).toEqual([
        [["m-1", false, "internal"]],
        [["m-2", false, "internal"]],
      ]);
      expect(scene.store.log.head).toBe(0);
      expect([...scene.store.log.eventsAfter(0, 9)]).toEqual([]);
    },
  );

  it("after the commit undoes nothing: it is stored once and acknowledged", () => {
    broken = new Set(["settled"]);
    say("ada", "m-1");
    expect(scene.flush().failures).toEqual([new Error("broken in settled")]);
    expect(acks("ada")).toEqual([["m-1", true, undefined]]);
    expect(scene.store.log.head).toBe(1);
  });

  it("in several places at once is told to the owner of each", () => {
    broken = new Set(["left", "decide"]);
    scene.room.leave("ben", T0);
    say("ada", "bad", "decide");
    expect(scene.flush().failures).toEqual([
      new Error("broken in left"),
      new Error("broken in decide"),
    ]);
  });

  it("in its greeting harms whoever joins, who is told and closed", () => {
    broken = new Set(["greet"]);
    scene.join("eve");
    expect(scene.sockets.of("eve")).toMatchObject([
      { type: "error", payload: { code: "internal" } },
    ]);
    expect(scene.sockets.closes).toEqual(new Map([["eve", 1011]]));
    say("ada", "m-1");
    scene.flush();
    expect(acks("ada")).toEqual([["m-1", true, undefined]]);
    expect(scene.room.connections).toBe(2);
  });

  it.each<Place>(["upkeep", "due", "wakeAt", "left", "livesUntil", "rolledBack"])(
    "in %s is told to the owner, and the room goes on",
    (place) => {
      broken = new Set([place, ...(place === "rolledBack" ? (["keep"] as const) : [])]);
      // An unwritten room keeps nothing, whatever its kind says.
      scene.store.bans.ban("eve", T0 + 1);
      if (place === "left") scene.room.leave("ben", T0);
      else if (place === "rolledBack") say("ben", "bad", "keep");
      else scene.room.sweep(T0);
      if (place === "livesUntil") expect(scene.room.isBlank(T0 + 9)).toBe(false);
      expect(scene.room.hasWork).toBe(true);
      expect(scene.flush().failures).toContainEqual(new Error(`broken in ${place}`));
      broken = new Set();
      say("ada", "m-1");
      scene.flush();
      expect(acks("ada").at(-1)).toEqual(["m-1", true, undefined]);
    },
  );

  it("when the log was trimmed is told to the owner, and the log is trimmed all the same", () => {
    scene.vars["HISTORY_MAX_DAYS"] = "1";
    scene.restart();
    scene.join("ada");
    say("ada", "old");
    scene.flush();
    const later = T0 + 3 * 86_400_000;
    scene.join("ada", { expiresAt: later + 9e6 }, undefined, later);
    scene.hear(
      "ada",
      { type: "send_message", messageId: "new", payload: { content: "hi" } },
      later,
    );
    scene.flush(later);
    broken = new Set(["trimmed"]);
    scene.room.sweep(later + 600_000);
    expect(scene.store.log.oldest).toBe(2);
    expect(scene.flush(later + 600_000).failures).toEqual([new Error("broken in trimmed")]);
  });

  it.each<[Place, (desk: Desk) => Promise<unknown>]>([
    ["page", (desk) => desk.history(ASKING, { limit: 9 })],
    ["page", (desk) => desk.notifications(ASKING, { limit: 9, unreadOnly: false })],
    ["poll", (desk) => desk.poll(ASKING, undefined)],
  ])("in a %s refuses whoever asks for it, and is told to the owner", async (place, ask) => {
    const desk = deskOf(scene);
    expect(await ask(desk)).toMatchObject({ ok: true });
    broken = new Set([place]);
    expect(await ask(desk)).toMatchObject({ ok: false, error: { code: "internal" } });
    expect(scene.room.counters.counts.refusals["internal"]).toBeGreaterThan(0);
    expect(scene.flush().failures).toEqual([new Error(`broken in ${place}`)]);
    broken = new Set();
    expect(await ask(desk)).toMatchObject({ ok: true });
  });
});

const ASKING = { userId: "ada", name: "Ada", permissions: ["read"] } as const;

/** The desk of a scene's room. */
function deskOf({ room, store }: RoomScene): Desk {
  const unasked = () => {
    throw new Error("nobody asks for this");
  };
  return new Desk({
    kind: store.kind,
    room,
    store,
    limits: limitsOf(),
    numbers: unasked,
    storedBytes: unasked,
    retry: unasked,
    audited: unasked,
    erase: unasked,
    restore: unasked,
    nudged: unasked,
  });
}
