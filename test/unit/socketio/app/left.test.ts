import { describe, expect, it } from "vitest";
import { Scene } from "./scene.ts";

async function inLobby(): Promise<Scene> {
  const scene = new Scene();
  await scene.enter({ token: "ann" }, "lobby");
  return scene;
}

describe("the end of a visit (P21.8)", () => {
  it("is told, and what waited for it is answered, when the client leaves", async () => {
    const scene = await inLobby();
    scene.emit("send_message", { room: "lobby", content: "hi" }, 1);
    scene.emit("leave_room", "lobby", 2);
    scene.emit("leave_room", "lobby", 3);
    expect(scene.answer(1)).toMatchObject({ success: false, error: { retryable: true } });
    expect(scene.answer(2)).toEqual({ success: true, room: "lobby" });
    expect(scene.answer(3)).toEqual({ success: true, room: "lobby" });
    expect(scene.events("left_room")).toEqual([
      ["left_room", { room: "lobby", code: 1000, reason: "" }],
    ]);
    expect(scene.offset).not.toContain("lobby");
  });

  it("is told with why when the client was put out", async () => {
    const scene = await inLobby();
    const error = { code: "banned", message: "You are banned.", retryable: false };
    scene.room.tell("lobby", "error", error);
    scene.room.listener.left("lobby", { code: 4403, reason: "banned", clean: true });
    expect(scene.events().slice(1)).toEqual([
      ["error", { ...error, room: "lobby" }],
      ["left_room", { room: "lobby", code: 4403, reason: "banned" }],
    ]);
    scene.emit("send_message", { room: "lobby", content: "hi" }, 1);
    expect(scene.answer(1)).toMatchObject({ success: false, error: { code: "conflict" } });
  });

  it("ends the whole session when it is the token's", async () => {
    const scene = await inLobby();
    scene.room.listener.left("lobby", { code: 4401, reason: "token_expired", clean: true });
    expect(scene.events("error")[0]?.[1]).toMatchObject({ code: "token_expired" });
    expect(scene.ended).toEqual(["forced close"]);
  });

  it("is hidden when the room restarts: it is entered again, and what waited is said again", async () => {
    const scene = await inLobby();
    scene.room.message("lobby", 8);
    scene.emit("send_message", { room: "lobby", content: "before", messageId: "k1" }, 1);
    scene.room.listener.left("lobby", { code: 1012, reason: "restart", clean: true });
    scene.emit("send_message", { room: "lobby", content: "between", messageId: "k2" }, 2);
    scene.emit("typing", "lobby");
    expect(scene.room.said).toHaveLength(1);
    await scene.advance(100);
    expect(scene.room.joined.at(-1)).toEqual({
      room: "lobby",
      cursor: { epoch: "e1", seq: 8 },
      history: 0,
    });
    scene.room.greet("lobby");
    expect(
      scene.room.said.slice(1).map(({ frame }) => frame["messageId"] ?? frame["type"]),
    ).toEqual([...["k1", "k2", "typing_start"]]);
    expect(scene.events("error")).toEqual([]);
    expect(scene.events("room_users")).toHaveLength(1);
  });
});
