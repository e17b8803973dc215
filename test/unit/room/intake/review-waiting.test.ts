import { describe, expect, it } from "vitest";
import { admittedBy } from "../../../../src/protocol/authority.ts";
import { CLOSES } from "../../../../src/protocol/close.ts";
import { refusal } from "../../../../src/protocol/error.ts";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import { ROOM_DELETED } from "../../../../src/protocol/refusals.ts";
import {
  acks,
  answer,
  moderator,
  open,
  request,
  say,
  scene,
  stored,
} from "../support/moderated.ts";
import { T0 } from "../support/scene.ts";

describe("while a review is under way", () => {
  it("of a cursor that moves on behind it waits the newest alone, and nothing of it is refused (P15.11)", async () => {
    say("ada", "one");
    for (let at = 0; at < 300; at++) {
      scene.hear("ada", { type: "presence", payload: { data: { at } } }, T0 + at * 33);
      scene.flush(T0 + at * 33);
    }
    say("ada", "two");
    await answer("one");
    expect(scene.sockets.payloads("ben", "user_updated")).toMatchObject([{ data: { at: 299 } }]);
    expect(scene.sockets.payloads("ada", "error")).toEqual([]);
    await answer("two");
    expect(stored()).toEqual(["one", "two"]);
  });

  it("who is sent away stores nothing more; who leaves still does, but what is for the moment (P16.5)", async () => {
    say("ada", "one");
    say("ada", "two");
    scene.hear("ada", { type: "typing_start" });
    scene.room.leave("ada", T0);
    say("ben", "three");
    scene.room.kick("ben", 0, T0);
    const banned = request("four", "cem");
    scene.room.kick("cem", 60_000, T0);
    for (const content of ["one", "two", "three", "four"]) await answer(content);
    scene.join("dan");
    expect(scene.store.log.head).toBe(2);
    expect(banned).toMatchObject([{ error: { code: "banned" } }]);
    expect(scene.sockets.payloads("ben", "user_typing")).toEqual([]);
  });

  it("nobody vouches for whoever is not connected once it is asked anew who may be here (P14.8, P16.5)", async () => {
    scene.join("cem");
    const asked = [request("one"), request("two", "ben")];
    say("cem", "three");
    say("ada", "four");
    scene.room.authorities.nudge("ada", T0);
    scene.room.authorities.nudge("cem", T0);
    scene.room.leave("cem", T0);
    for (const content of ["one", "two", "three", "four"]) await answer(content);
    expect(stored()).toEqual(["two", "four"]);
    expect(asked).toMatchObject([
      [{ ok: false, error: { code: "unavailable", retryable: true } }],
      [{ ok: true }],
    ]);
  });

  it("whom the rule refuses stores nothing more, by request either (P14.6)", async () => {
    const door = { url: "https://edge.test/", headers: {} };
    const asked = { askedAt: T0, tokenEndsAt: T0 + 60_000, grants: [], request: door };
    const granted = { kind: "granted", permissions: ["read", "write"], forMs: 1 } as const;
    scene.join("eve", admittedBy({ ...granted, member: undefined }, asked));
    const outcomes = request("one", "eve");
    const error = refusal("access_denied", "No more.");
    for (const asking of scene.room.authorities.toAsk(T0 + 1)) {
      scene.room.authorities.answered(asking, { kind: "refused", error }, T0 + 1, T0 + 1);
    }
    await answer("one");
    expect([stored(), outcomes]).toEqual([[], [{ ok: false, error }]]);
  });

  it("who may write no more stores nothing more, whatever they might when they said it", async () => {
    say("ada", "one");
    say("ada", "two");
    const ada = scene.room.connection("ada");
    if (ada === undefined) throw new Error("ada is not connected");
    scene.room.renew(ada, { expiresAt: T0 + 60_000, permissions: ["read"] }, undefined, T0);
    await answer("one");
    expect(moderator.asked).toEqual(["one"]);
    expect(stored()).toEqual([]);
    const denied = { error: { code: "access_denied" } };
    expect(acks()).toMatchObject([denied, denied]);
  });

  it("whoever a rule sends away stores nothing more either (P16.5)", async () => {
    const before = {
      send_message: ({ tx }: { tx: { close(userId: string): void } }) => tx.close("ada"),
    };
    open({ send_message: moderator.look }, 10_000, {}, { before });
    say("ada", "one");
    say("ada", "two");
    say("ben", "out");
    await answer("out");
    await answer("one");
    await answer("two");
    expect(moderator.asked).toEqual(["one", "out"]);
    expect(stored()).toEqual(["out"]);
  });

  it("a room that ends answers who waits, and is not taken for over before", async () => {
    scene.room.leave("ada", T0);
    scene.room.leave("ben", T0);
    scene.flush();
    const waiting = request("one");
    expect(scene.room.isOver(T0)).toBe(false);
    scene.room.end(ROOM_DELETED, CLOSES.deleted, T0);
    expect(waiting).toMatchObject([{ error: { message: ROOM_DELETED.message } }]);
    expect(scene.room.isOver(T0)).toBe(true);
    await answer("one");
    expect(scene.store.log.head).toBe(0);
  });

  it("a connection, a person and a room may have so much wait, and no more", async () => {
    const many = { LIMIT_FRAMES_BURST: "1000", LIMIT_BYTES_BURST: "100000000" };
    open({ send_message: moderator.look }, 10_000, many);
    for (let i = 0; i < BOUNDS.reviewLineFrames + 2; i++) say("ada", `m-${i}`);
    scene.flush();
    expect(acks()).toMatchObject([{ error: { code: "rate_limited", retryAfterMs: 1_000 } }]);
    const requests = Array.from({ length: BOUNDS.reviewPersonFrames }, (_, i) => request(`r-${i}`));
    const refused = requests.flat().map((outcome) => (outcome.ok ? "ok" : outcome.error.code));
    expect(refused).toEqual(Array(BOUNDS.reviewLineFrames + 1).fill("rate_limited"));
    for (let i = 0; scene.room.counters.counts.refusals["unavailable"] === undefined; i++) {
      request(`p-${i}`, `user-${i}`);
      expect(i).toBeLessThan(BOUNDS.reviewsAtOnce);
    }
    await answer("m-0");
    expect(acks()[1]).toMatchObject({ savedId: 1 });
  });
});
