import { describe, expect, it } from "vitest";
import { INBOX_CARRIER } from "../../../src/kinds/inbox/notice.ts";
import { readSettings } from "../../../src/protocol/settings.ts";
import { applyRetention } from "../../../src/room/log/retention.ts";
import { FIRST_RETRY_MS } from "../../../src/room/store/outbox.ts";
import { RoomScene, T0 } from "./support/scene.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SWEEP_MS = 2 * MINUTE;

function send(scene: RoomScene, messageId: string, now: number, mentions: readonly string[] = []) {
  const actor = { userId: "ada", name: "Ada", permissions: ["read", "write"] } as const;
  const payload = { content: messageId, mentions: [...mentions] };
  return scene.ask(actor, { type: "send_message", messageId, payload }, now);
}

describe("a clock that is set back", () => {
  it("leaves seqs, acks and the order of events as they are (P1.1)", () => {
    const scene = new RoomScene("general");
    scene.join("ben");
    const saved = [T0, T0 - HOUR, T0 - 2 * HOUR, T0 + MINUTE].map((now, i) =>
      send(scene, `m${i}`, now),
    );
    expect(saved).toMatchObject([1, 2, 3, 4].map((savedId) => ({ ok: true, saved: { savedId } })));
    const events = scene.sockets.of("ben").filter(({ type }) => type === "new_message");
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it("forgets no messageId, over a restart neither (P5.2)", () => {
    const scene = new RoomScene("general");
    send(scene, "m1", T0);
    const again = { ok: true, saved: { savedId: 1, duplicate: true } };
    expect(send(scene, "m1", T0 - HOUR)).toEqual(again);
    scene.restart();
    expect(send(scene, "m1", T0 - HOUR + MINUTE)).toEqual(again);
  });

  it("ends typing like any other", () => {
    const scene = new RoomScene("general");
    scene.join("ada");
    scene.join("ben");
    scene.hear("ada", { type: "typing_start" }, T0);
    scene.flush(T0);
    scene.hear("ada", { type: "typing_end" }, T0 - HOUR);
    scene.flush(T0 - HOUR);
    const typing = scene.sockets.of("ben").filter(({ type }) => type === "user_typing");
    expect(typing.map(({ payload }) => payload["typing"])).toEqual([true, false]);
  });

  it("gives no quota and takes none away", () => {
    const scene = new RoomScene("general", {
      LIMIT_FRAMES_PER_SECOND: "1",
      LIMIT_FRAMES_BURST: "2",
    });
    scene.join("ada");
    const at = (now: number) => scene.hear("ada", { type: "read_messages", payload: {} }, now);
    const refusals = () => {
      scene.flush(T0 - HOUR);
      return scene.sockets.of("ada").filter(({ payload }) => payload["code"] === "rate_limited");
    };
    at(T0);
    at(T0);
    at(T0 - HOUR);
    expect(refusals()).toHaveLength(1);
    at(T0 - HOUR + 1_500);
    expect(refusals()).toHaveLength(1);
  });

  it("holds no flush for longer than the gap", () => {
    const scene = new RoomScene("general");
    for (let i = 0; i < 100; i++) scene.join(`p${i}`);
    scene.flush(T0);
    expect(scene.room.flushDelayMs(T0 - HOUR)).toBeLessThanOrEqual(50);
  });

  it("puts off no sweep, and keeps no dead peer alive until the clock has caught up", () => {
    const scene = new RoomScene("general");
    scene.join("dead");
    scene.join("well");
    scene.sockets.pings.set("dead", T0);
    const now = T0 - HOUR;
    send(scene, "m1", now);
    expect(scene.room.wakeAt).toBe(now + SWEEP_MS);
    scene.sockets.pings.set("well", now + SWEEP_MS - 1_000);
    scene.room.sweep(now + SWEEP_MS);
    expect(scene.sockets.closes).toEqual(new Map([["dead", 4408]]));
  });

  it("takes a connection that slept through it for alive as of now", () => {
    const scene = new RoomScene("general");
    scene.join("ada");
    const { session } = scene.room.connection("ada") ?? {};
    if (session === undefined) throw new Error("not in");
    const now = T0 - HOUR;
    scene.restart();
    scene.room.restore("ada", session, now);
    scene.room.sweep(now + 39_000);
    expect(scene.sockets.closes).toEqual(new Map());
    scene.room.sweep(now + 41_000);
    expect(scene.sockets.closes).toEqual(new Map([["ada", 4408]]));
  });

  it("holds back no notice: what waits longer than it ever should is due", () => {
    const scene = new RoomScene("general");
    scene.join("ben");
    send(scene, "m1", T0, ["ben"]);
    const outbox = scene.store.outbox.of(INBOX_CARRIER);
    const now = T0 - HOUR;
    outbox.postpone("ben", T0 + 1_000);
    const round = { now, except: [], recipients: 10, each: 10 };
    expect(outbox.nextDue(now, [])).toBe(now + FIRST_RETRY_MS);
    expect(outbox.waiting(round)).toMatchObject([{ to: { recipient: "ben" } }]);
    outbox.postpone("ben", now + 1_000);
    expect(outbox.waiting(round)).toEqual([]);
    expect(outbox.nextDue(now, [])).toBe(now + 1_000);
  });

  it("makes retention keep what was said since, and the last five minutes whole", () => {
    const scene = new RoomScene("general");
    for (let i = 0; i < 20; i++) send(scene, `old-${i}`, T0 - 3 * 24 * HOUR + i);
    for (let i = 0; i < 20; i++) send(scene, `before-${i}`, T0 + i);
    const now = T0 - HOUR;
    for (let i = 0; i < 20; i++) send(scene, `after-${i}`, now + i);
    const read = readSettings({
      AUTH_SECRET: "a-secret-of-the-unit-tests-of-a-room",
      HISTORY_MAX_DAYS: "1",
    });
    if (!read.ok) throw new Error(read.problem);
    applyRetention(scene.store.log, read.settings.limits, now + MINUTE);
    expect([scene.store.log.oldest, scene.store.log.head]).toEqual([21, 60]);
  });
});
