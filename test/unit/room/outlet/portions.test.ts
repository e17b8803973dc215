import { beforeEach, describe, expect, it } from "vitest";
import { EncodedFrame } from "../../../../src/protocol/encoded-frame.ts";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import { RAISED_LIMITS } from "../../../support/raised-limits.ts";
import { BACKEND, RoomScene, T0 } from "../support/scene.ts";

const READERS = 12;
const MESSAGES = 200;
/** Every message to every reader, and an ack each. */
const PORTIONS = Math.ceil(((READERS + 1) * MESSAGES) / BOUNDS.portionSends);

describe("a flush of more messages than one turn may send", () => {
  let scene: RoomScene;
  const last = `reader-${READERS - 1}`;

  beforeEach(() => {
    scene = new RoomScene("general", RAISED_LIMITS);
    for (let i = 0; i < READERS; i++) scene.join(`reader-${i}`, { wire: "plain" });
    for (let i = 1; i <= MESSAGES; i++) say("reader-0", `m${i}`);
  });

  function say(id: string, content: string): void {
    scene.hear(id, { type: "send_message", messageId: content, payload: { content } });
  }

  function heardBy(id: string): readonly unknown[] {
    return scene.sockets.payloads(id, "new_message").map(({ content }) => content);
  }

  const all = Array.from({ length: MESSAGES }, (_, i) => `m${i + 1}`);

  it("is told in portions, a call each: every message once, in order", () => {
    expect(PORTIONS).toBeGreaterThan(1);
    for (let portion = 1; portion <= PORTIONS; portion++) {
      expect(scene.room.hasWork).toBe(true);
      scene.flush();
      expect(heardBy(last).length === MESSAGES).toBe(portion === PORTIONS);
      if (portion < PORTIONS) expect(scene.room.flushDelayMs(T0)).toBe(0);
    }
    expect(scene.room.hasWork).toBe(false);
    for (let i = 0; i < READERS; i++) expect(heardBy(`reader-${i}`)).toEqual(all);
  });

  it("is stored, and answered over HTTP, with the first", () => {
    const frame = {
      type: "send_message",
      messageId: "http",
      payload: { content: "http" },
    } as const;
    expect(scene.ask({ ...BACKEND, permissions: ["write"] }, frame).ok).toBe(true);
    expect(scene.store.log.head).toBe(MESSAGES + 1);
    expect(heardBy(last)).toEqual([]);
  });

  it("comes before what is said meanwhile", () => {
    scene.flush();
    say("reader-0", "later");
    while (scene.room.hasWork) scene.flush();
    expect(heardBy(last)).toEqual([...all, "later"]);
  });

  it("is not told to whoever joins meanwhile: the greeting holds it", () => {
    scene.flush();
    scene.enter("late", { wire: "plain" }, { epoch: "epoch-1", seq: 0 });
    while (scene.room.hasWork) scene.flush();
    expect(heardBy("late")).toEqual(all);
    const joined = scene.sockets.payloads(last, "user_joined").map(({ userId }) => userId);
    expect(joined).toEqual(["late"]);
  });

  it("is not told on to whoever leaves meanwhile", () => {
    scene.flush();
    scene.room.leave(last, T0);
    const told = scene.sockets.of(last).length;
    while (scene.room.hasWork) scene.flush();
    expect(scene.sockets.of(last)).toHaveLength(told);
    expect(heardBy("reader-1")).toEqual(all);
    expect(scene.sockets.payloads("reader-1", "user_left")).toMatchObject([{ userId: last }]);
  });

  it("is not told on to whoever leaves in the middle of its own messages", () => {
    scene.flush();
    const ids = Array.from({ length: READERS }, (_, i) => `reader-${i}`);
    const half = ids.find((id) => heardBy(id).length > 0 && heardBy(id).length < MESSAGES);
    if (half === undefined) throw new Error("The portion ended between two readers.");
    const heard = heardBy(half).length;
    scene.room.leave(half, T0);
    while (scene.room.hasWork) scene.flush();
    expect(heardBy(half)).toHaveLength(heard);
    expect(heardBy(last)).toEqual(all);
  });

  it("is told whole to whoever is to be closed, and then it is closed", () => {
    scene.room.kick(last, 0, T0);
    scene.flush();
    expect(scene.sockets.closes.get(last)).toBeUndefined();
    while (scene.room.hasWork) scene.flush();
    expect(heardBy(last)).toEqual(all);
    expect(scene.sockets.closes.get(last)).toBe(4403);
  });

  it("is told whole to whoever is kicked meanwhile, and why, before it is closed", () => {
    scene.flush();
    scene.room.kick(last, 0, T0);
    while (scene.room.hasWork) scene.flush();
    expect(heardBy(last)).toEqual(all);
    expect(scene.sockets.of(last).at(-1)).toMatchObject({ type: "error" });
    expect(scene.sockets.closes.get(last)).toBe(4403);
  });

  it.each([
    ["a sweep finds", (at: number) => scene.room.sweep(at)],
    ["no alarm goes off and finds", () => {}],
  ])("is told no further when %s that everyone's token has ended", (_, sweep) => {
    scene.flush();
    expect(heardBy("reader-0")).toEqual(all);
    sweep(T0 + 3_600_000);
    while (scene.room.hasWork) scene.flush(T0 + 3_600_000);
    expect(heardBy(last)).toEqual([]);
    scene.flush(T0 + 3_600_000);
    expect(scene.sockets.of(last).at(-1)).toMatchObject({ payload: { code: "token_expired" } });
    expect(new Set(scene.sockets.closes.values())).toEqual(new Set([4401]));
    expect(scene.room.connections).toBe(0);
  });
});

describe("a flush of more bytes than one turn may send", () => {
  it("is told in portions too, also where each reader gets one batch", () => {
    const scene = new RoomScene("general", RAISED_LIMITS);
    const content = "x".repeat(4_000);
    const readers = Math.ceil(BOUNDS.portionUnits / (100 * content.length)) + 2;
    for (let i = 0; i < readers; i++) scene.join(`reader-${i}`);
    for (let i = 0; i < 100; i++) {
      scene.hear("reader-0", { type: "send_message", messageId: `m${i}`, payload: { content } });
    }
    scene.flush();
    expect(scene.sockets.payloads(`reader-${readers - 1}`, "new_message")).toHaveLength(0);
    scene.flush();
    expect(scene.sockets.payloads(`reader-${readers - 1}`, "new_message")).toHaveLength(100);
    expect(scene.room.hasWork).toBe(false);
  });
});

describe("a flush that cannot be packed", () => {
  it("ends every connection, so that all resume, and leaves the room in order", () => {
    const scene = new RoomScene("general");
    scene.join("ada");
    scene.join("ben", { wire: "plain" });
    scene.hear("ada", { type: "send_message", messageId: "m", payload: { content: "hi" } });
    const data = {
      toJSON() {
        throw new Error("not to be written");
      },
    };
    const payload = { event: "e", data: data as never, userId: "ada" };
    const frame = EncodedFrame.of({ type: "event", timestamp: "t", payload });
    scene.room.tell({ audience: { to: "all" }, frame });
    expect(scene.flush().failures).toMatchObject([{ message: "not to be written" }]);
    expect([...scene.sockets.closes]).toEqual([
      ["ada", 1011],
      ["ben", 1011],
    ]);
    expect(scene.room.connections).toBe(0);
    scene.join("ada-2", {}, { epoch: "epoch-1", seq: 0 });
    expect(scene.sockets.payloads("ada-2", "new_message")).toMatchObject([{ content: "hi" }]);
  });
});
