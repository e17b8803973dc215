import { beforeEach, describe, expect, it } from "vitest";
import { BOUNDS } from "../../../src/protocol/limits.ts";
import { RoomScene, T0 } from "../room/support/scene.ts";
import { breakIn, FRAGILE, type Place } from "./support/fragile-kind.ts";

let scene: RoomScene;

beforeEach(() => {
  breakIn();
  scene = new RoomScene("topic:fragile", {}, FRAGILE);
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
      breakIn(place);
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
    breakIn("keep");
    say("ada", "m-1", "keep");
    scene.flush();
    breakIn();
    say("ada", "m-1", "keep");
    scene.flush();
    expect(acks("ada")).toEqual([
      ["m-1", false, "internal"],
      ["m-1", true, undefined],
    ]);
    expect(scene.store.log.head).toBe(1);
  });

  it.each<Place>(["begin", "save", "appended", "frame"])(
    "in %s refuses what it was to write, and stores nothing by half",
    (place) => {
      breakIn(place);
      say("ada", "m-1");
      say("ben", "m-2");
      expect(new Set(scene.flush().failures.map(String))).toEqual(
        new Set([`Error: broken in ${place}`]),
      );
      expect([acks("ada"), acks("ben")]).toEqual([
        [["m-1", false, "internal"]],
        [["m-2", false, "internal"]],
      ]);
      expect(scene.store.log.head).toBe(0);
      expect([...scene.store.log.eventsAfter(0, 9)]).toEqual([]);
    },
  );

  it.each<Place>(["settled", "owes"])(
    "in %s, after the commit, undoes nothing: it is stored once and acknowledged",
    (place) => {
      breakIn(place);
      say("ada", "m-1");
      expect(scene.flush().failures).toEqual([new Error(`broken in ${place}`)]);
      expect(acks("ada")).toEqual([["m-1", true, undefined]]);
      expect(scene.store.log.head).toBe(1);
    },
  );

  it("in what it does although it refuses is no other refusal, and harms nobody else", () => {
    breakIn("despite");
    say("ben", "m-1");
    say("ada", "bad", "despite");
    expect(scene.flush().failures).toEqual([new Error("broken in despite")]);
    expect([acks("ben"), acks("ada")]).toEqual([
      [["m-1", true, undefined]],
      [["bad", false, "conflict"]],
    ]);
  });

  it("about whose turn it is takes all as they come", () => {
    breakIn("waitingSince");
    say("ada", "m-1");
    say("ben", "m-2");
    expect(scene.flush().failures).toContainEqual(new Error("broken in waitingSince"));
    expect([acks("ada"), acks("ben")]).toEqual([
      [["m-1", true, undefined]],
      [["m-2", true, undefined]],
    ]);
  });

  it("in its clock stands still, is told to the owner once, and harms nothing that is said", () => {
    breakIn("clock");
    scene.join("eve");
    say("ada", "m-1");
    expect([scene.flush().failures, scene.room.hasWork]).toEqual([[], false]);
    expect(acks("ada")).toEqual([["m-1", true, undefined]]);
  });

  it("about a place that is named harms whoever names it", () => {
    breakIn("seqAt");
    say("ben", "m-1");
    scene.hear("ada", {
      type: "send_message",
      messageId: "m-2",
      sentAt: 0,
      payload: { content: "hi" },
    });
    expect(scene.flush().failures).toContainEqual(new Error("broken in seqAt"));
    expect([acks("ada"), acks("ben")]).toEqual([
      [["m-2", false, "internal"]],
      [["m-1", true, undefined]],
    ]);
  });

  it("in several places at once is told to the owner of each", () => {
    breakIn("left", "decide");
    scene.room.leave("ben", T0);
    say("ada", "bad", "decide");
    expect(scene.flush().failures).toEqual([
      new Error("broken in left"),
      new Error("broken in decide"),
    ]);
  });

  it.each<Place>(["resume", "greet", "placeOf"])(
    "in %s harms whoever joins, who is told and closed",
    (place) => {
      breakIn(place);
      scene.join("eve");
      expect(scene.sockets.of("eve")).toMatchObject([
        { type: "error", payload: { code: "internal" } },
      ]);
      expect(scene.sockets.closes).toEqual(new Map([["eve", 1011]]));
      say("ada", "m-1");
      scene.flush();
      expect(acks("ada")).toEqual([["m-1", true, undefined]]);
      expect(scene.room.connections).toBe(2);
    },
  );

  it("in what was missed harms whoever missed it, who comes back; the others are told on", () => {
    say("ada", "m-1");
    scene.flush();
    breakIn("frame");
    scene.enter("eve", {}, { epoch: "epoch-1", seq: 0 });
    expect(scene.flush().failures).toEqual([new Error("broken in frame")]);
    expect([...scene.sockets.closes.keys()]).toEqual(["eve"]);
    expect(scene.sockets.of("eve").some(({ type }) => type === "new_message")).toBe(false);
    breakIn();
    say("ben", "m-2");
    scene.flush();
    expect(acks("ben")).toEqual([["m-2", true, undefined]]);
    expect(scene.sockets.of("ada").filter(({ type }) => type === "new_message")).toHaveLength(2);
    scene.join("eve", {}, { epoch: "epoch-1", seq: 0 });
    expect(scene.sockets.of("eve").filter(({ type }) => type === "new_message")).toHaveLength(2);
  });

  it("in the rest of what was missed harms nobody whose frames come meanwhile", () => {
    const { log } = scene.store;
    const ballast = JSON.stringify({ ballast: "x".repeat(BOUNDS.catchUpPortionUnits / 4) });
    for (let seq = 1; seq <= 9; seq += 1) {
      log.append({
        seq,
        type: "new_message",
        at: T0,
        userId: "ada",
        messageId: `${seq}`,
        payload: ballast,
      });
    }
    scene.enter("eve", {}, { epoch: "epoch-1", seq: 0 });
    const told = () => scene.sockets.of("eve").filter(({ type }) => type === "new_message").length;
    expect(told()).toBeLessThan(9);
    breakIn("frame");
    say("ben", "m-1", "despite");
    expect(scene.flush().failures).toEqual([new Error("broken in frame")]);
    expect(acks("ben")).toEqual([["m-1", false, "conflict"]]);
    expect([...scene.sockets.closes.keys()]).toEqual(["eve"]);
    expect(told()).toBeLessThan(9);
  });

  it.each<Place>(["standing", "isFollowedBy", "standingFrame"])(
    "in %s, of how it stands, is told to the owner, and harms nobody",
    (place) => {
      if (place !== "standingFrame") breakIn(place);
      scene.join("eve", { folds: "nothing" });
      breakIn(place);
      say("ada", "m-1");
      const failures = [0, 9_000, 18_000].flatMap((ms) => scene.flush(T0 + ms).failures);
      const heard = place === "isFollowedBy" ? [] : [new Error(`broken in ${place}`)];
      expect(failures).toEqual(expect.arrayContaining(heard));
      expect(scene.sockets.closes).toEqual(new Map());
      expect(acks("ada")).toEqual([["m-1", true, undefined]]);
      breakIn();
      say("eve", "m-2");
      scene.flush(T0 + 20_000);
      expect(acks("eve")).toEqual([["m-2", true, undefined]]);
      if (place !== "standing") {
        expect(scene.sockets.payloads("eve", "state").length).toBeGreaterThan(0);
      }
    },
  );

  it.each<Place>(["upkeep", "due", "wakeAt", "left", "livesUntil", "rolledBack", "keepsFrom"])(
    "in %s is told to the owner, and the room goes on",
    (place) => {
      breakIn(place, ...(place === "rolledBack" ? (["keep"] as const) : []));
      // An unwritten room keeps nothing, whatever its kind says.
      scene.store.bans.ban("eve", T0 + 1);
      if (place === "left") scene.room.leave("ben", T0);
      else if (place === "rolledBack") say("ben", "bad", "keep");
      else scene.room.sweep(T0);
      if (place === "livesUntil") expect(scene.room.isBlank(T0 + 9)).toBe(false);
      expect(scene.room.hasWork).toBe(true);
      expect(scene.flush().failures).toContainEqual(new Error(`broken in ${place}`));
      breakIn();
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
    breakIn("trimmed");
    scene.room.sweep(later + 600_000);
    expect(scene.store.log.oldest).toBe(2);
    expect(scene.flush(later + 600_000).failures).toEqual([new Error("broken in trimmed")]);
  });
});
