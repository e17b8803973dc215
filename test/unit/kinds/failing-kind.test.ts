import { beforeEach, describe, expect, it } from "vitest";
import { BUILT_IN } from "../../../src/kinds/built-in.ts";
import { messageIdOf } from "../../../src/protocol/client-frame-schema.ts";
import type { RoomFrame } from "../../../src/room/frame.ts";
import { accepted } from "../../../src/room/hooks/decision.ts";
import type { KindRoom, KindTurn, RoomKind } from "../../../src/room/hooks/kind.ts";
import { KindTable } from "../../../src/room/hooks/kind-table.ts";
import { eventFrame } from "../../../src/room/log/event-frame.ts";
import { RoomScene, T0 } from "../room/support/scene.ts";

type Place = keyof KindRoom | keyof KindTurn | "parser";

/** Where its code fails now. */
let broken: ReadonlySet<Place>;

function fail(place: Place): void {
  if (broken.has(place)) throw new Error(`broken in ${place}`);
}

/** A kind that fails where it is told to; a frame that says `fails` fails it in its decision and effects alone. */
const FRAGILE: RoomKind<RoomFrame, { readonly place: Place | undefined }> = {
  name: "fragile",
  prefix: "fragile",
  presence: true,
  receipts: false,
  outside: "fragile.",
  log: { frame: eventFrame },
  archive: { lines: [], sections: () => [], take: () => {} },
  takes: () => true,
  parser: () => (value) => {
    const frame = value as RoomFrame;
    if (Object(frame.payload).at === "parser") fail("parser");
    return { ok: true, ...messageIdOf(value), frame };
  },
  open: ({ store }) => ({
    begin: () => ({
      decide({ messageId = "", payload }, { userId }, at) {
        const place: Place | undefined = Object(payload).at;
        if (place === "decide") fail("decide");
        const event = {
          seq: store.log.head + 1,
          type: "said",
          at,
          userId,
          messageId,
          payload: "{}",
        };
        return accepted(
          [
            { do: "append", event },
            { do: "change", change: { place }, isStored: true },
          ],
          { savedId: event.seq },
        );
      },
      apply({ place }) {
        if (place === "apply") fail("apply");
        return [];
      },
      appended: () => {},
      save: () => fail("save"),
      settled: () => fail("settled"),
    }),
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
};

let scene: RoomScene;

beforeEach(() => {
  broken = new Set();
  scene = new RoomScene("fragile:room", {}, new KindTable([...BUILT_IN, FRAGILE]));
  scene.join("ada");
  scene.join("ben");
});

function say(id: string, messageId: string, at?: Place): void {
  scene.hear(id, { type: "say", messageId, payload: at === undefined ? {} : { at } });
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
  it.each<Place>(["parser", "decide", "apply"])(
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
      const told = scene.sockets.of("ben").filter(({ type }) => type === "said");
      expect(told.map(({ seq }) => seq)).toEqual([1, 2]);
    },
  );

  it("takes a request again that failed, once it no longer does", () => {
    broken = new Set(["apply"]);
    say("ada", "m-1", "apply");
    scene.flush();
    broken = new Set();
    say("ada", "m-1", "apply");
    scene.flush();
    expect(acks("ada")).toEqual([
      ["m-1", false, "internal"],
      ["m-1", true, undefined],
    ]);
    expect(scene.store.log.head).toBe(1);
  });

  it("in what it saves refuses what it was to save, and stores nothing by half", () => {
    broken = new Set(["save"]);
    say("ada", "m-1");
    say("ben", "m-2");
    expect(scene.flush().failures).toEqual([new Error("broken in save")]);
    expect([acks("ada"), acks("ben")]).toEqual([
      [["m-1", false, "internal"]],
      [["m-2", false, "internal"]],
    ]);
    expect(scene.store.log.head).toBe(0);
    expect([...scene.store.log.eventsAfter(0, 9)]).toEqual([]);
  });

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
      broken = new Set([place, ...(place === "rolledBack" ? (["apply"] as const) : [])]);
      // An unwritten room keeps nothing, whatever its kind says.
      scene.store.bans.ban("eve", T0 + 1);
      if (place === "left") scene.room.leave("ben", T0);
      else if (place === "rolledBack") say("ben", "bad", "apply");
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
});
