import { describe, expect, it, vi } from "vitest";
import { walking } from "../game/support/games.ts";
import { gameScene, walk } from "./support/game-scene.ts";
import { settle } from "./support/manual-clock.ts";
import { joined } from "./support/scene.ts";

describe("a game", () => {
  it("tells who plays, and draws each by its fields (P19.2, P19.3)", async () => {
    const scene = gameScene();
    const { room: ann } = await scene.play("ann");
    expect([ann.status, ann.canPlay, ann.players(), ann.me()]).toEqual([
      "connecting",
      false,
      [],
      undefined,
    ]);
    await scene.pass(100);
    expect([ann.status, ann.canPlay, ann.playerId, ann.tickHz]).toEqual(["open", true, 1, 60]);
    expect(ann.people).toEqual([{ id: 1, userId: "ann", name: "ann" }]);
    expect(ann.me()).toMatchObject({ id: 1, userId: "ann", state: { x: 1, y: 0 } });
    const heard: unknown[] = [];
    ann.on("joined", (person) => heard.push(["joined", person.userId]));
    ann.on("gone", (person) => heard.push(["gone", person.userId]));
    ann.on("people", (people) => heard.push(people.length));
    const { room: ben } = await scene.play("ben");
    await scene.pass(300);
    expect(ann.players().map(({ userId, state }) => [userId, state.x])).toEqual([
      ["ann", 1],
      ["ben", 2],
    ]);
    await ben.leave();
    await scene.pass(300);
    expect(heard).toEqual([["joined", "ben"], 2, ["gone", "ben"], 1]);
    expect(ann.players()).toHaveLength(1);
  });

  it("keeps one array and one object a player for all drawings", async () => {
    const scene = gameScene();
    const { room } = await scene.play("ann");
    await scene.pass(100);
    const players = room.players();
    const me = room.me();
    await scene.pass(100);
    expect(room.players()).toBe(players);
    expect(room.players()[0]).toBe(me);
    expect(room.me()?.state).toBe(me?.state);
  });

  it("tells what the game shares, another object when that has changed", async () => {
    const scene = gameScene();
    const { room } = await scene.play("ann");
    await scene.pass(100);
    const before = room.shared;
    expect(before).toEqual({ walked: 0 });
    await scene.pass(2_000);
    expect(room.shared).toBe(before);
    const told: number[] = [];
    room.on("shared", ({ walked }) => told.push(walked));
    room.want({ dx: 10, dy: 0 });
    await scene.pass(1_000);
    expect(room.shared.walked).toBeCloseTo(9.8, 0);
    expect(told.length).toBeGreaterThan(50);
  });

  it("lets those watch who may not play, and tells them so (P19.4)", async () => {
    const scene = gameScene();
    const { client, network } = scene.come("watcher");
    const room = await client.game("arena", { clock: scene.clock.now });
    await scene.play("ann");
    await scene.pass(200);
    expect([room.canPlay, room.playerId, room.predicts]).toEqual([false, undefined, false]);
    expect(room.players()).toMatchObject([{ userId: "ann", state: { x: 1, y: 0 } }]);
    room.want({ dx: 1 });
    await scene.pass(200);
    expect(network.socket.of("player_input")).toEqual([]);
  });

  it("watches from when the room says that it has no player any more", async () => {
    const scene = gameScene();
    const { room } = await scene.play("ann");
    await scene.pass(100);
    const heard: unknown[] = [];
    room.on("playing", (playerId) => heard.push(playerId));
    room.on("error", ({ code }) => heard.push(code));
    scene.line.running.rise("c1", false, scene.clock.now());
    room.want({ dx: 1, dy: 0 });
    await scene.pass(200);
    expect(heard).toEqual([undefined, "access_denied"]);
    expect(room.canPlay).toBe(false);
  });

  it("is one connection for all handles, and ends with the last of them", async () => {
    const scene = gameScene();
    const { client, network } = scene.come("ann");
    const [one, other] = await Promise.all([
      client.game(walk, "arena"),
      client.game(walk, "game:arena"),
    ]);
    await scene.pass(100);
    expect([network.sockets.length, one.id, other.playerId]).toEqual([1, "game:arena", 1]);
    await one.leave();
    expect([one.status, other.status]).toEqual(["closed", "open"]);
    one.want({ dx: 1, dy: 1 });
    await other.leave();
    expect(network.socket.closedWith).toBe(1000);
    expect(network.socket.of("player_input")).toEqual([]);
  });

  it.each([
    ["no name", () => [""], "invalid_request"],
    ["a name that is too long", () => ["x".repeat(124)], "invalid_request"],
    ["no game", () => [{ rules: {} }, "arena"], "invalid_request"],
    ["an idle input that is none", () => [walk, "third", { idle: { dx: 0 } }], "invalid_frame"],
    ["another game", () => [walking(20), "arena"], "conflict"],
    ["a game where it was entered without", () => ["other", walk], "conflict"],
  ] as const)("refuses %s", async (what, entryOf, code) => {
    const scene = gameScene();
    const { client } = scene.come("ann");
    await client.game(walk, "arena");
    await client.game("other");
    const [of, more, options] = entryOf() as unknown as [never, never, never];
    const entry = what.startsWith("a game where")
      ? client.game(walk, "other")
      : client.game(of, more, options);
    await expect(entry).rejects.toMatchObject({ code });
  });

  it("refuses what the game does not take, before it goes out", async () => {
    const scene = gameScene();
    const { room, network } = await scene.play("ann");
    await scene.pass(100);
    expect(() => room.want({ dx: "far" } as never)).toThrow(/payload.dx/);
    expect(() => room.want({ dx: Number.NaN, dy: 0 })).toThrow(/JSON/);
    await scene.pass(100);
    expect(network.socket.of("player_input")).toEqual([]);
  });

  it("says that it cannot be played by polling", async () => {
    const scene = gameScene();
    const { client } = scene.come("ann", { transport: "poll" });
    const room = await client.game(walk, "arena");
    const errors: string[] = [];
    room.on("error", ({ code }) => errors.push(code));
    await scene.pass(100);
    expect([room.status, room.reason?.code, errors]).toEqual([
      "closed",
      "unavailable",
      ["unavailable"],
    ]);
  });

  it("only watches, and says so, while polling is all that gets through after it was played", async () => {
    const scene = gameScene();
    const { room, network } = await scene.play("ann");
    await scene.pass(100);
    const heard: unknown[] = [];
    room.on("playing", (playerId) => heard.push(playerId));
    room.on("error", ({ code }) => heard.push(code));
    // As of a poll, whose greeting has nothing of the game.
    network.socket.say(joined({ roomId: "game:arena" }));
    room.want({ dx: 1, dy: 0 });
    await scene.pass(500);
    expect([room.status, room.canPlay, heard]).toEqual(["open", false, [undefined, "unavailable"]]);
    expect(network.socket.of("player_input")).toEqual([]);
    scene.line.cut();
    await scene.pass(3_000);
    expect([room.canPlay, network.socket.of("player_input").length]).toEqual([true, 1]);
  });

  it("tells of nobody that they have joined who were there when it was entered", async () => {
    const scene = gameScene();
    await scene.play("ann");
    await scene.pass(100);
    const { room } = await scene.play("ben");
    const heard: string[] = [];
    room.on("joined", ({ userId }) => heard.push(userId));
    room.on("people", (people) => heard.push(`${people.length} here`));
    await scene.pass(100);
    await scene.play("eve");
    await scene.pass(100);
    expect(heard).toEqual(["2 here", "eve", "3 here"]);
  });

  it("tells what the game shares also when a crash has set it back to where it begins", async () => {
    const scene = gameScene();
    const { room } = await scene.play("ann");
    await scene.pass(100);
    room.want({ dx: 10, dy: 0 });
    await scene.pass(500);
    room.want({ dx: 0, dy: 0 });
    await scene.pass(500);
    const told: number[] = [room.shared.walked];
    room.on("shared", ({ walked }) => told.push(walked));
    scene.line.crash();
    await scene.pass(3_000);
    expect(told.at(-1)).toBe(room.shared.walked);
    expect(told).toHaveLength(2);
  });

  it("goes on moving the own player ahead of what is told after a crash, while a key is held", async () => {
    const scene = gameScene(() => 100);
    const { room } = await scene.play("ann");
    await scene.pass(1_500);
    room.want({ dx: 100, dy: 0 });
    await scene.pass(1_000, (now) => room.me(now));
    const lead = () =>
      (room.me(scene.clock.now())?.state.x ?? 0) - (scene.line.playerOf("ann")?.[1] ?? 0) / 100;
    expect(lead()).toBeGreaterThan(5);
    scene.line.crash();
    await scene.pass(3_000, (now) => room.me(now));
    expect(lead()).toBeGreaterThan(5);
  });

  it("goes on anew when the game's tick has gone back (P19.8)", async () => {
    const scene = gameScene();
    const { room } = await scene.play("ann");
    await scene.pass(3_000);
    const before = room.tick;
    scene.line.crash();
    await scene.pass(3_000);
    expect(room.tick).toBeLessThan(before);
    expect(room.me()?.state.x).toBe(1);
    room.want({ dx: 10, dy: 0 });
    await scene.pass(1_000);
    expect(room.me()?.state.x).toBeGreaterThan(9);
  });

  it.each([
    ["a row that is too short", { players: [[1, 100]] }],
    ["a shared row of another length", { players: [], shared: [1, 2] }],
    ["a tick before the last one", { players: [], tick: 1 }],
    ["a row that is none", { players: [["one", 2, 3]] }],
  ])("comes back after %s", async (_, payload) => {
    const scene = gameScene();
    const { room, network } = await scene.play("ann");
    await scene.pass(500);
    network.socket.say({
      type: "game_state",
      timestamp: "2026-01-01T00:00:00.000Z",
      payload: { tick: room.tick + 1, ...payload },
    });
    await settle();
    expect([room.status, network.socket.closedWith]).toEqual(["reconnecting", 4000]);
    await scene.pass(3_000);
    expect([room.status, room.playerId]).toEqual(["open", 1]);
  });
});

describe("an idle player", () => {
  it("wants nothing when its page has lost the focus, once it has wanted something", async () => {
    const page = new EventTarget();
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
    const scene = gameScene();
    const { room, network } = await scene.play("ann", { idle: { dx: 0, dy: 0 } });
    await scene.pass(100);
    page.dispatchEvent(new Event("blur"));
    await scene.pass(100);
    room.want({ dx: 5, dy: 0 });
    await scene.pass(500);
    page.dispatchEvent(new Event("blur"));
    await scene.pass(100);
    const { x } = room.me()?.state ?? { x: 0 };
    await scene.pass(500);
    expect(network.socket.of("player_input").map(({ payload }) => payload)).toEqual([
      { dx: 5, dy: 0 },
      { dx: 0, dy: 0 },
    ]);
    expect(room.me()?.state.x).toBeCloseTo(x, 1);
    await room.leave();
    vi.unstubAllGlobals();
  });
});
