import { beforeEach, describe, expect, it } from "vitest";
import type { DurableFrame } from "../../../../src/protocol/client-frame.ts";
import type { Actor } from "../../../../src/room/actor.ts";
import { fingerprintOf } from "../../../../src/room/dedupe/fingerprint.ts";
import { BACKEND, RoomScene, T0 } from "../support/scene.ts";

const MINUTE = 60_000;
const ADA: Actor = { userId: "ada", name: "Ada", permissions: ["read", "write"] };

let scene: RoomScene;
beforeEach(() => {
  scene = new RoomScene("general");
});

function say(content: string, messageId: string, more: object = {}): DurableFrame {
  return { type: "send_message", messageId, payload: { content }, ...more };
}

function repeated(id: number) {
  return { ok: true, saved: { savedId: id } };
}

function savedId(id: number) {
  return { ok: true, saved: { savedId: id, duplicate: true } };
}

describe("one key, one request", () => {
  beforeEach(() => {
    scene.ask(ADA, say("hi", "m"));
    scene.ask(ADA, { type: "react", messageId: "r", payload: { seq: 1, emoji: "👍" } });
  });

  it.each<[string, DurableFrame, number]>([
    ["a message", say("hi", "m"), 1],
    ["a message with the head its sender knew", say("hi", "m", { sentAt: 0 }), 1],
    ["a reaction", { type: "react", messageId: "r", payload: { emoji: "👍", seq: 1 } }, 2],
  ])("answers the first result to %s that is sent again", (_, frame, first) => {
    expect(scene.ask(ADA, frame)).toEqual(savedId(first));
    scene.restart();
    expect(scene.ask(ADA, frame, T0 + MINUTE)).toEqual(savedId(first));
  });

  it.each<[string, DurableFrame]>([
    ["another text", say("hello", "m")],
    ["another type", { type: "delete_message", messageId: "m", payload: { seq: 1 } }],
    ["another target", { type: "react", messageId: "r", payload: { seq: 2, emoji: "👍" } }],
    ["more of it", say("hi", "m", { payload: { content: "hi", data: 1 } })],
  ])("refuses %s under a used key, and leaves what was stored", (_, frame) => {
    for (const life of ["this", "the next"]) {
      if (life === "the next") scene.restart();
      expect(scene.ask(ADA, frame)).toMatchObject({
        ok: false,
        error: { code: "conflict", retryable: false },
      });
    }
    expect(scene.store.log.head).toBe(2);
    expect(scene.store.log.entry(1)).toMatchObject({ message: { content: "hi" } });
  });

  it("refuses it within one flush too, by ack (P5.4)", () => {
    scene.join("ben");
    scene.hear("ben", say("one", "k"));
    scene.hear("ben", say("one", "k"));
    scene.hear("ben", say("two", "k"));
    scene.flush();
    expect(scene.sockets.payloads("ben", "ack")).toMatchObject([
      { success: true, savedId: 3 },
      { success: true, savedId: 3, duplicate: true },
      { success: false, error: { code: "conflict" } },
    ]);
  });

  it("takes any request for the first one whose row an older release wrote", () => {
    scene.database.query("UPDATE log SET fingerprint = NULL");
    expect(scene.ask(ADA, say("hello", "m"))).toEqual(savedId(1));
  });

  it("knows a notification by its content, and what another room delivers by its key alone", () => {
    scene = new RoomScene("user:ben");
    const notice = (title: string, source?: number) =>
      ({
        type: "notify",
        messageId: "n",
        payload: { type: "t", title },
        ...(source === undefined ? {} : { source }),
      }) as const;
    expect(scene.ask(BACKEND, notice("one"))).toMatchObject({ saved: { savedId: 1 } });
    expect(scene.ask(BACKEND, notice("two"))).toMatchObject({ error: { code: "conflict" } });
    expect(scene.ask(BACKEND, { ...notice("one", 7), messageId: "d" })).toMatchObject({ ok: true });
    expect(scene.ask(BACKEND, { ...notice("two", 7), messageId: "d" })).toEqual(savedId(2));
  });
});

describe("a fingerprint", () => {
  const of = (data: object, more: object = {}) =>
    fingerprintOf({
      type: "send_message",
      messageId: "m",
      payload: { content: "x", data: data as never },
      ...more,
    });

  it("is the same in whatever order the keys stand, and whenever it was sent", () => {
    expect(of({ a: 1, b: { c: 2, d: [3] } })).toBe(of({ b: { d: [3], c: 2 }, a: 1 }));
    expect(of({ a: 1 }, { sentAt: 7 })).toBe(of({ a: 1 }));
    expect(of({ a: 1 }, { messageId: "n" })).toBe(of({ a: 1 }));
  });

  it("differs by every value and every order that counts", () => {
    const prints = [{ a: 1 }, { a: 2 }, { b: 1 }, { a: [1, 2] }, { a: [2, 1] }, { a: "1" }].map(
      (data) => of(data),
    );
    expect(new Set(prints).size).toBe(6);
  });

  it("fits into four bytes of a row", () => {
    for (let i = 0; i < 100; i++) {
      const print = of({ i }) ?? Number.NaN;
      expect(print).toBe(print | 0);
    }
  });
});

describe("a frame with sentAt", () => {
  it("is stored once over a sleep of days and thousands of events, and needs no window (P5.3)", () => {
    scene.ask(ADA, say("before", "b"));
    const lost = say("hi", "m", { sentAt: 1 });
    scene.ask(ADA, lost);
    for (let i = 0; i < 2_000; i++) scene.ask(ADA, say(`${i}`, `other-${i}`), T0 + i);
    scene.restart();
    const later = T0 + 3 * 24 * 60 * MINUTE;
    expect(scene.ask(ADA, lost, later)).toEqual(savedId(2));
    expect(scene.ask(ADA, say("hey", "m", { sentAt: 1 }), later)).toMatchObject({
      error: { code: "conflict" },
    });
    expect(scene.ask(ADA, say("new", "n", { sentAt: 1 }), later)).toMatchObject({
      saved: { savedId: 2_003 },
    });
  });

  it("is asked to come again when too much of the log would be searched, and stores nothing", () => {
    scene.ask(ADA, say("hi", "m"));
    scene.database.query(
      `INSERT INTO log (seq, type, at, user_id, message_id, payload)
        WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 600000)
        SELECT i, 'message_reacted', ?, 'crowd', 'x' || i, '{}' FROM n`,
      T0 - 60 * MINUTE,
    );
    scene.restart();
    expect(scene.ask(ADA, say("a", "a", { sentAt: 1 }))).toMatchObject({ ok: true });
    const refused = scene.ask(ADA, say("b", "b", { sentAt: 1 }));
    expect(refused).toMatchObject({ error: { code: "rate_limited", retryable: true } });
    const waitMs = refused.ok ? 0 : (refused.error.retryAfterMs ?? 0);
    expect(waitMs).toBeGreaterThan(0);
    expect(scene.ask(ADA, say("b", "b", { sentAt: 1 }), T0 + waitMs)).toMatchObject({ ok: true });
  });
});

describe("a reaction that changes nothing", () => {
  const react = (messageId: string, more: object = {}): DurableFrame => ({
    type: "react",
    messageId,
    payload: { seq: 1, emoji: "👍", ...more },
  });

  beforeEach(() => {
    scene.ask(ADA, say("hi", "m"));
    scene.ask(ADA, react("r1"));
  });

  it("is no event, and is answered with the seq of the one it repeats (P5.10)", () => {
    scene.join("ben");
    expect(scene.ask(ADA, react("r2"))).toEqual(repeated(2));
    expect(scene.ask(ADA, react("r3", { remove: true }))).toMatchObject({ saved: { savedId: 3 } });
    expect(scene.ask(ADA, react("r4", { remove: true }))).toEqual(repeated(3));
    expect(scene.store.log.head).toBe(3);
    expect(scene.sockets.of("ben").filter(({ type }) => type === "message_reacted")).toHaveLength(
      1,
    );
  });

  it("is answered with the seq of the message where it repeats none that can be found", () => {
    expect(scene.ask(ADA, react("r2", { emoji: "🎉", remove: true }))).toEqual(repeated(1));
    for (let i = 0; i < 1_000; i++) scene.ask(ADA, say(`${i}`, `m${i}`));
    expect(scene.ask(ADA, react("r3"))).toEqual(repeated(1));
  });

  it("is told from one too many for the message", () => {
    for (let i = 1; i < 32; i++) scene.ask(ADA, react(`e${i}`, { emoji: `e${i}` }));
    expect(scene.ask(ADA, react("e32", { emoji: "e32" }))).toMatchObject({
      error: { code: "conflict" },
    });
    expect(scene.ask(ADA, react("again", { emoji: "e31" }))).toMatchObject({ ok: true });
  });

  it("does not take what every object has for a reaction", () => {
    expect(scene.ask(ADA, react("r2", { emoji: "constructor" }))).toMatchObject({
      ok: true,
      saved: { savedId: 3 },
    });
  });
});

describe("an event of a type that only another release knows", () => {
  it("reaches who resumes and who polls as it is stored", () => {
    scene.ask(ADA, say("hi", "m"));
    scene.ask(ADA, say("later", "n"));
    scene.database.query(
      `UPDATE log SET type = 'poll"opened', payload = '{"poll":1}' WHERE seq = 1`,
    );
    const frames = [...scene.store.log.eventsAfter(0, 10)].map(
      (text) => JSON.parse(text) as object,
    );
    expect(frames).toMatchObject([
      { type: 'poll"opened', seq: 1, payload: { poll: 1 } },
      { type: "new_message", seq: 2 },
    ]);
    scene.join("ben", {}, { epoch: "epoch-1", seq: 0 });
    expect(scene.sockets.of("ben").map(({ type }) => type)).toEqual([
      "joined_room",
      'poll"opened',
      "new_message",
    ]);
    expect(
      scene.ask(ADA, { type: "react", messageId: "r", payload: { seq: 1, emoji: "x" } }),
    ).toMatchObject({
      error: { code: "not_found" },
    });
  });
});
