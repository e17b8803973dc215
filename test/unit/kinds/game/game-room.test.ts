import { describe, expect, it } from "vitest";
import * as z from "zod";
import { game } from "../../../../src/contract/game.ts";
import { arena } from "../../../../src/kinds/game/arena.ts";
import { RoomGuest, type RoomGuestParts } from "../../../../src/objects/room-guest.ts";
import { CLOSES } from "../../../../src/protocol/close.ts";
import { GAME_BOUNDS } from "../../../../src/protocol/game-limits.ts";
import type { KeptSession } from "../../../../src/protocol/kept-session.ts";
import { ROOM_DELETED } from "../../../../src/protocol/refusals.ts";
import { spinningAt } from "../../../fixtures/games/spinning.ts";
import { BACKEND } from "../../room/support/scene.ts";
import { GameScene } from "./support/game-scene.ts";

const PEER_CLOSED = { code: 1000, reason: "", clean: true };

describe("A room in which a game goes on", () => {
  it("P19.1: greets a player with its id, the ticks, the fields and what it may want", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    expect(scene.joined("ann")).toMatchObject({
      roomId: "game:arena",
      playerId: 1,
      tickHz: 20,
      fields: [
        { name: "x", scale: 10 },
        { name: "y", scale: 10 },
        { name: "score", scale: 1 },
      ],
      input: { type: "object", required: ["dx", "dy"] },
    });
  });

  it("P19.2: takes input at once and tells all where players are, a tick after", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.come("ben");
    scene.pass(100);
    const [before] = scene.mirror("ben").players;
    scene.want("ann", { dx: 5, dy: 0 });
    scene.pass(1_000);
    const [after] = scene.mirror("ben").players;
    expect((after?.[1] ?? 0) - (before?.[1] ?? 0)).toBe(2_400);
    expect(scene.mirror("ben").names).toEqual(
      new Map([
        [1, "ann"],
        [2, "ben"],
      ]),
    );
  });

  it("P19.3: tells whoever comes late everything with its first tick, by each wire the same", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.want("ann", { dx: 1, dy: 1 });
    scene.pass(700);
    for (const wire of ["json", "msgpack", "plain"] as const) scene.come(wire, { wire });
    scene.pass(50);
    const [first] = scene.states("json");
    expect(first).toMatchObject({ full: true });
    expect(first?.players).toHaveLength(4);
    expect(scene.states("msgpack")).toEqual([first]);
    expect(scene.states("plain")).toEqual([first]);
    scene.pass(2_000);
    expect(scene.mirror("msgpack").players).toEqual(scene.mirror("ann").players);
  });

  it("P19.5: answers input that has a messageId, and refuses what the game does not take", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.want("ann", { dx: 1, dy: 0 }, "right");
    scene.want("ann", { dx: "1" }, "wrong");
    scene.want("ann", { dx: "x".repeat(GAME_BOUNDS.inputBytes) }, "large");
    scene.pass(50);
    const acks = scene.sockets.of("ann").filter(({ type }) => type === "ack");
    expect(acks.map(({ messageId, payload }) => [messageId, payload["success"]])).toEqual([
      ["wrong", false],
      ["large", false],
      ["right", true],
    ]);
  });

  it("P19.5: goes on for all when its schema stumbles over what one of them wants", () => {
    const touchy = game({
      fields: { x: 1 },
      input: z.object({ dx: z.number().transform((dx) => dx.toString(dx)) }),
      join: () => ({ x: 0 }),
      steer({ player }) {
        player.state.x += 1;
      },
    });
    const scene = new GameScene(touchy);
    scene.come("ann");
    scene.come("eve");
    scene.want("ann", { dx: 10 });
    scene.want("eve", { dx: 1 }, "odd");
    scene.pass(1_000);
    expect(scene.sockets.payloads("eve", "ack")).toMatchObject([
      { success: false, error: { code: "internal" } },
    ]);
    expect(scene.mirror("ann").players).toEqual([
      [1, 20],
      [2, 0],
    ]);
  });

  it("P19.5: takes twice as many inputs a second as there are ticks, and refuses more", () => {
    const fast = game({
      fields: { x: 1 },
      input: z.number(),
      tickHz: 60,
      join: () => ({ x: 0 }),
      steer: () => {},
    });
    const scene = new GameScene(fast);
    scene.come("ann");
    for (let second = 0; second < 5; second += 1) {
      for (let frame = 0; frame < 120; frame += 1) scene.want("ann", [1]);
      scene.pass(1_000);
    }
    expect(scene.sockets.closes.has("ann")).toBe(false);
    expect(scene.joined("ann")).toMatchObject({ limits: { framesPerSecond: 120 } });
  });

  it.each([
    ["a clean close", PEER_CLOSED, 1],
    ["a tab that is closed", { code: 1001, reason: "", clean: true }, 1],
    ["a drop", CLOSES.socketError, 2],
    ["a heartbeat that is lost", CLOSES.heartbeatLost, 2],
  ])("P19.6: after %s a player is there or not at the next tick", (_, close, left) => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.come("ben");
    scene.pass(100);
    scene.room.leave("ben", scene.now, close);
    scene.pass(50);
    expect(scene.mirror("ann").players).toHaveLength(left);
    scene.pass(GAME_BOUNDS.graceMs);
    expect(scene.mirror("ann").players).toHaveLength(1);
  });

  it("P19.6: lets a player go that says leave_room, and whom a moderator sends away", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.come("ben");
    scene.come("eve");
    scene.hear("ben", { type: "leave_room" }, scene.now);
    scene.room.kick("eve", 0, scene.now);
    scene.pass(100);
    expect(scene.mirror("ann").players.map(([id]) => id)).toEqual([1]);
  });

  it("P19.6: gives a player back to whoever comes again in time, also when nobody else was there", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.want("ann", { dx: 1, dy: 0 });
    scene.pass(1_000);
    const before = scene.mirror("ann").players;
    scene.room.leave("ann", scene.now, CLOSES.socketError);
    scene.pass(GAME_BOUNDS.graceMs - 1_000);
    expect(scene.room.isOver(scene.now)).toBe(false);
    scene.come("ann2", { userId: "ann" });
    scene.pass(50);
    expect(scene.mirror("ann2").players).toEqual(before);
  });

  it("P19.1: has whoever outlived a sleep come again, for its player is another then", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    const session = scene.room.connection("ann")?.session;
    if (session === undefined) throw new Error("ann is not here");
    scene.restart();
    const { room } = scene;
    const guest = new RoomGuest({ room, authorizes: false } as RoomGuestParts);
    expect(guest.mayGoOn({ session } as KeptSession)).toBe(false);
    room.restore("ann", session, scene.now, true);
    room.leave("ann", scene.now, CLOSES.restart);
    scene.come("ben");
    expect(scene.joined("ben")).toMatchObject({ playerId: 1 });
  });

  it("P19.7: stands still with the last one, and the room is over when nobody is waited for", () => {
    const scene = new GameScene(arena);
    scene.come("ann");
    scene.pass(200);
    scene.room.leave("ann", scene.now, CLOSES.socketError);
    scene.pass(100);
    expect(scene.room.hasWork).toBe(false);
    const wakeAt = scene.room.wakeAt ?? 0;
    expect(wakeAt).toBeLessThanOrEqual(scene.now + GAME_BOUNDS.graceMs);
    scene.pass(wakeAt - scene.now);
    scene.room.sweep(scene.now);
    scene.pass(GAME_BOUNDS.graceMs);
    scene.room.sweep(scene.now);
    expect(scene.room.isOver(scene.now)).toBe(true);
    expect(scene.room.wakeAt).toBeUndefined();
  });

  it("answers what waits when it is deleted, also when a tick is due", () => {
    const scene = new GameScene(arena);
    for (let at = 0; at < 100; at += 1) scene.come(`p${at}`);
    scene.pass(1_049);
    scene.flush(scene.now);
    const answers: unknown[] = [];
    const frame = { type: "presence", payload: { data: 1 } };
    const answer = (outcome: unknown) => answers.push(outcome);
    scene.room.submit({
      frame,
      actor: BACKEND,
      at: scene.now,
      bytes: 1,
      messageId: undefined,
      answer,
    });
    scene.room.end(ROOM_DELETED, CLOSES.deleted, scene.now + 1);
    expect(answers).toHaveLength(1);
  });

  it("P19.9: passes over whoever does not read, and tells it all when it does", () => {
    const scene = new GameScene(spinningAt(20));
    for (let at = 0; at < 10; at += 1) {
      scene.come(`p${at}`);
      scene.reading.add(`p${at}`);
    }
    scene.pass(5_000);
    const { length: told } = scene.states("p0");
    expect(told).toBe(100);
    scene.reading.delete("p0");
    scene.pass(15_000);
    const { length: stood } = scene.states("p0");
    scene.pass(2_000);
    expect(scene.states("p0")).toHaveLength(stood);
    scene.reading.add("p0");
    scene.flush(scene.now);
    scene.pass(100);
    const next = scene.states("p0")[stood];
    expect(next).toMatchObject({ full: true });
    expect(next?.who).toHaveLength(10);
    expect(scene.mirror("p0").players).toEqual(scene.mirror("p1").players);
  });
});
