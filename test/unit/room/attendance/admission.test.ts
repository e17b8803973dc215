import { beforeEach, describe, expect, it } from "vitest";
import { RoomScene, T0 } from "../support/scene.ts";

const MINUTE = 60_000;

function message(content: string, messageId: string = content): object {
  return { type: "send_message", messageId, payload: { content } };
}

let scene: RoomScene;

beforeEach(() => {
  scene = new RoomScene("general");
});

describe("who is let in, and how long", () => {
  it("counts connections by address", () => {
    for (let i = 0; i < 200; i++) scene.join(`u${i}`, { address: "one" });
    const session = {
      userId: "x",
      name: "X",
      permissions: ["read"],
      expiresAt: T0 + 1,
      wire: "json",
      transport: "websocket",
      connectedAt: T0,
    } as const;
    const asked = (address: string) =>
      scene.room.refuses({ ...session, permissions: ["read"], address }, T0)?.code;
    expect(asked("one")).toBe("too_many_connections");
    expect(asked("two")).toBeUndefined();
  });

  it("shows no poll among the people: it comes and goes", () => {
    scene.join("ada");
    scene.join("ben", { transport: "poll" });
    expect(scene.room.users).toEqual([{ userId: "ada", name: "ADA" }]);
    scene.room.leave("ben", T0);
    scene.room.flush(T0);
    expect(scene.sockets.of("ada").map(({ type }) => type)).toEqual(["joined_room"]);
  });

  it("lets the backend listen as anyone: not banned, not counted, not shown", () => {
    const backend = { userId: "ada", address: "one", backend: true } as const;
    scene.join("ben");
    scene.join("listener", backend);
    const { session } = scene.room.connection("listener") ?? {};
    if (session === undefined) throw new Error("not there");
    expect(scene.room.kick("ada", 60_000, T0)).toBe(0);
    const { backend: _, ...person } = session;
    expect(scene.room.refuses(person, T0)?.code).toBe("banned");
    expect(scene.room.refuses(session, T0)).toBeUndefined();
    for (let i = 0; i < 10; i++) scene.join(`l${i}`, backend);
    expect(scene.room.refuses({ ...person, userId: "eve" }, T0)).toBeUndefined();
    for (let i = 0; i < 200; i++) scene.join(`e${i}`, { address: "one" });
    expect(scene.room.refuses({ ...person, userId: "eve" }, T0)?.code).toBe("too_many_connections");
    expect(scene.room.refuses(session, T0)).toBeUndefined();
    scene.room.leave("listener", T0);
    scene.flush();
    expect(scene.room.users.some(({ userId }) => userId === "ada")).toBe(false);
    const told = scene.sockets.of("ben").map(({ type, payload }) => [type, payload?.["userId"]]);
    expect(told).not.toContainEqual(["user_joined", "ada"]);
    expect(told).not.toContainEqual(["user_left", "ada"]);
  });

  it("ends an expired connection with 4401 and a silent one with 4408, but not a plain one", () => {
    scene.join("expired", { expiresAt: T0 + 1_000 });
    scene.join("silent");
    scene.join("plain", { wire: "plain" });
    scene.join("pinging");
    expect(scene.room.wakeAt).toBe(T0 + 1_000);
    scene.sockets.pings.set("pinging", T0 + 30_000);
    scene.room.sweep(T0 + 40_001);
    scene.room.flush(T0 + 40_001);
    expect([...scene.sockets.closes]).toEqual([
      ["silent", 4408],
      ["expired", 4401],
    ]);
  });

  it("asks for no wake once nobody is there", () => {
    scene.join("ada");
    scene.room.leave("ada", T0);
    scene.room.sweep(T0 + MINUTE);
    expect(scene.room.wakeAt).toBeUndefined();
  });

  it("refuses a frame after the token's end", () => {
    scene.join("ada", { expiresAt: T0 + 1_000 });
    scene.hear("ada", message("late"), T0 + 1_000);
    scene.room.flush(T0 + 1_000);
    expect(scene.sockets.closes.get("ada")).toBe(4401);
    expect(scene.store.log.head).toBe(0);
  });
});
