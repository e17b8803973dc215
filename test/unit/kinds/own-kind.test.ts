import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { contract, kind } from "../../../src/contract/index.ts";
import { BUILT_IN } from "../../../src/kinds/built-in.ts";
import { KindTable } from "../../../src/kinds/kind-table.ts";
import { OPEN_MS, polls } from "../../fixtures/kinds/poll.ts";
import { BACKEND, RoomScene, T0 } from "../room/support/scene.ts";

const KINDS = new KindTable([...BUILT_IN, polls]);

let scene: RoomScene;

beforeEach(() => {
  scene = new RoomScene("poll:lunch", {}, KINDS);
  scene.join("ada");
  scene.join("ben");
});

function vote(id: string, option: unknown, messageId = `${id}-${option}`, now = T0): void {
  scene.hear(id, { type: "vote", messageId, payload: { option } }, now);
}

function ack(id: string) {
  return scene.sockets.payloads(id, "ack").at(-1);
}

function stateAt(id: string, now = T0) {
  scene.join(id, {}, undefined, now);
  return scene.sockets.payloads(id, "joined_room").at(-1)?.["state"];
}

describe("a kind of a team's own", () => {
  it("stores an event, tells it to all with its author, and folds it (P12.1, P12.4)", () => {
    vote("ada", "soup");
    scene.flush();
    expect(ack("ada")).toEqual({ success: true, savedId: 1 });
    const event = scene.sockets.of("ben").find(({ type }) => type === "vote");
    expect(event).toMatchObject({ seq: 1, userId: "ada", payload: { option: "soup" } });
    expect(stateAt("eve")).toEqual({ open: true, votes: { ada: "soup" } });
    expect(scene.sockets.payloads("eve", "joined_room")[0]).toMatchObject({
      you: { can: ["read", "write", "publish"] },
      contract: { version: 1, hash: polls.contract.hash },
    });
  });

  it("answers a repeated messageId with its first savedId, and votes once", () => {
    vote("ada", "soup", "m-1");
    scene.flush();
    vote("ada", "soup", "m-1");
    scene.flush();
    expect(ack("ada")).toEqual({ success: true, savedId: 1, duplicate: true });
    expect(scene.store.log.head).toBe(1);
  });

  it.each([
    [
      "a payload that its schema does not take",
      { type: "vote", messageId: "m", payload: {} },
      "invalid_frame",
    ],
    ["an event without a messageId", { type: "vote", payload: { option: "a" } }, "invalid_frame"],
    [
      "a type that it does not have",
      { type: "lunch", messageId: "m", payload: {} },
      "unknown_type",
    ],
    [
      "a chat's frames",
      { type: "send_message", messageId: "m", payload: { content: "a" } },
      "unknown_type",
    ],
    [
      "a server() event of a client",
      { type: "closed", messageId: "m", payload: { winner: "me" } },
      "access_denied",
    ],
  ])("refuses %s", (_, frame, code) => {
    scene.hear("ada", frame);
    scene.flush();
    const refusal = Object(scene.sockets.of("ada").at(-1)?.payload);
    expect(refusal.code ?? refusal.error.code).toBe(code);
    expect(scene.store.log.head).toBe(0);
  });

  it("refuses with its own codes, whether they are returned or thrown (P12.5)", () => {
    vote("ada", "nothing");
    scene.flush();
    expect(ack("ada")).toMatchObject({
      success: false,
      error: { code: "no_such_option", status: 422 },
    });
    expect(
      scene.ask(BACKEND, { type: "closed", messageId: "c", payload: { winner: "a" } }),
    ).toEqual({
      ok: true,
      saved: { savedId: 1 },
    });
    vote("ada", "soup");
    scene.flush();
    expect(ack("ada")).toMatchObject({ success: false, error: { code: "closed", status: 410 } });
  });

  it("stores what a rule put in the place of what was sent", () => {
    vote("ada", "pizza");
    scene.flush();
    expect(stateAt("eve")).toMatchObject({ votes: { ada: "ramen" } });
  });

  it("whose rule throws harms that frame alone (P12.5)", () => {
    vote("ada", "soup");
    vote("ben", "crash");
    vote("ada", "bread");
    expect(scene.flush().failures).toMatchObject([{ message: "before: Error: a rule that fails" }]);
    expect(ack("ben")).toMatchObject({ success: false, error: { code: "internal" } });
    expect(stateAt("eve")).toEqual({ open: true, votes: { ada: "bread" } });
    expect(scene.store.log.head).toBe(2);
  });

  it("tells signals to the others, with the grant to publish, and stores nothing (P12.2)", () => {
    scene.hear("ada", { type: "hover", payload: { option: "soup" } });
    scene.join("reader", { permissions: ["read"] });
    scene.hear("reader", { type: "hover", messageId: "h", payload: { option: "soup" } });
    scene.flush();
    const heard = scene.sockets.of("ben").filter(({ type }) => type === "hover");
    expect(heard).toMatchObject([{ userId: "ada", payload: { option: "soup" } }]);
    expect(scene.sockets.of("ada").some(({ type }) => type === "hover")).toBe(false);
    expect(ack("reader")).toMatchObject({ success: false, error: { code: "access_denied" } });
    expect(scene.store.isWritten).toBe(false);
  });

  it.each([1, 2, 3])(
    "is after a crash what its log says, whenever its state was saved (%d)",
    (crashes) => {
      for (let i = 0; i < crashes * 2; i += 1) {
        const now = T0 + i * 700;
        vote("ada", `option-${i}`, `m-${i}`, now);
        scene.flush(now);
        if (i % 2 === 1) {
          scene.restart();
          scene.join("ada", {}, undefined, now);
        }
      }
      expect(stateAt("eve")).toEqual({ open: true, votes: { ada: `option-${crashes * 2 - 1}` } });
    },
  );

  it("keeps its state when retention drops the events it was folded from", () => {
    scene.vars["HISTORY_MAX_DAYS"] = "1";
    scene.restart();
    scene.join("ada");
    vote("ada", "soup");
    scene.flush();
    const later = T0 + 3 * 86_400_000;
    scene.join("ben", { expiresAt: later + 9e6 }, undefined, later);
    vote("ben", "bread", "b", later);
    scene.flush(later);
    scene.room.sweep(later + 600_000);
    expect(scene.store.log.oldest).toBe(2);
    scene.restart();
    expect(stateAt("eve", later)).toMatchObject({ votes: { ada: "soup", ben: "bread" } });
  });

  it("runs its timers when they are due, also in another life of the room", () => {
    vote("ada", "soup");
    scene.flush();
    expect(scene.room.wakeAt).toBeLessThanOrEqual(T0 + OPEN_MS);
    scene.room.sweep(T0 + OPEN_MS - 1);
    scene.flush(T0 + OPEN_MS - 1);
    expect(scene.store.log.head).toBe(1);
    scene.restart();
    scene.room.sweep(T0 + OPEN_MS);
    scene.flush(T0 + OPEN_MS);
    expect(stateAt("eve", T0 + OPEN_MS)).toEqual({ open: false, votes: { ada: "soup" } });
    scene.room.sweep(T0 + 2 * OPEN_MS);
    scene.flush(T0 + 2 * OPEN_MS);
    expect(scene.store.log.head).toBe(2);
  });

  it("stores nothing of a flush that the disk has no room for, and folds nothing", () => {
    scene.database.failing = true;
    vote("ada", "soup");
    scene.flush();
    scene.database.failing = false;
    expect(ack("ada")).toMatchObject({ success: false, error: { code: "internal" } });
    expect(stateAt("eve")).toEqual({ open: true, votes: {} });
  });
});

describe("rules that do not behave", () => {
  const say = z.object({
    text: z.string().refine((text) => {
      if (text === "parser") throw new Error("a schema that fails");
      return true;
    }),
  });
  const loose = contract("loose", {
    events: { say },
    state: z.object({ said: z.array(z.string()) }),
    initial: { said: [] },
    apply: {
      say: (state, { data }) => {
        if (data.text === "fold") throw new Error("a fold that fails");
        if (data.text === "grow") return { said: [...state.said, "x".repeat(200_000)] };
        if (data.text === "nothing") return JSON.parse("null") ?? undefined;
        if (data.text === "change") (state.said as string[]).push("by the way");
        return { said: [...state.said, data.text] };
      },
    },
  });
  const loosely = kind(loose, {
    before: {
      say({ data, tx }) {
        if (data.text === "loop") for (;;) tx.append("say", { text: "again" });
        if (data.text === "bad") return JSON.parse('{"text": 7}');
        if (data.text === "late") return JSON.parse("{}");
        return undefined;
      },
    },
  });

  it.each(["parser", "fold", "grow", "nothing", "change", "loop", "bad", "late"])(
    "are answered with internal, and change nothing: %s",
    (text) => {
      const room = new RoomScene("loose:room", {}, new KindTable([...BUILT_IN, loosely]));
      room.join("ada");
      room.hear("ada", { type: "say", messageId: "1", payload: { text: "first" } });
      room.hear("ada", { type: "say", messageId: "2", payload: { text } });
      room.hear("ada", { type: "say", messageId: "3", payload: { text: "last" } });
      room.flush();
      const acks = room.sockets.payloads("ada", "ack");
      expect(acks).toMatchObject([
        { success: true, savedId: 1 },
        { success: false, error: { code: "internal" } },
        { success: true, savedId: 2 },
      ]);
      room.join("eve");
      expect(room.sockets.payloads("eve", "joined_room")[0]?.["state"]).toEqual({
        said: ["first", "last"],
      });
    },
  );
});

describe("a table of kinds", () => {
  it("has one kind for each name", () => {
    expect(() => new KindTable([...BUILT_IN, polls, polls])).toThrow(/two kinds/);
    expect(KINDS.of("poll:lunch").name).toBe("poll");
    expect(KINDS.of("polls:lunch").name).toBe("chat");
    expect(() => new KindTable([polls]).of("polls:lunch")).toThrow(/not kept here/);
  });
});
