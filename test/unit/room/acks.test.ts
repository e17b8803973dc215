import { describe, expect, it } from "vitest";
import { RoomScene, T0 } from "./support/scene.ts";

describe("a frame with a messageId that stores nothing is acked when it is done", () => {
  it.each([
    ["general", { type: "publish", payload: { event: "e", data: 1 } }],
    ["topic:t", { type: "publish", payload: { event: "e", data: 1 } }],
    ["general", { type: "typing_start" }],
    ["general", { type: "typing_end" }],
    ["general", { type: "read_messages", payload: { upTo: 0 } }],
    ["user:ada", { type: "read_notifications", payload: { upTo: 0 } }],
    ["general", { type: "leave_room" }],
    ["general", { type: "ping" }],
  ])("in %s: %j", (name, frame) => {
    const scene = new RoomScene(name);
    scene.join("ada");
    scene.hear("ada", { ...frame, messageId: "id" });
    scene.flush();
    const acks = scene.sockets.of("ada").filter(({ type }) => type === "ack");
    expect(acks).toMatchObject([{ messageId: "id", payload: { success: true } }]);
    expect(acks[0]?.payload).toEqual({ success: true });
  });

  it("and so is a new token, or what is wrong with it", () => {
    const scene = new RoomScene("general");
    scene.join("ada");
    const token = { expiresAt: T0 + 7_200_000, permissions: ["read" as const] };
    const ada = scene.room.connection("ada");
    if (ada === undefined) throw new Error("not there");
    scene.room.renew(ada, token, "id", T0);
    expect(scene.sockets.of("ada").slice(-2)).toMatchObject([
      { type: "token_refreshed" },
      { type: "ack", messageId: "id", payload: { success: true } },
    ]);
    scene.room.renew(ada, { ...token, permissions: [] }, "other", T0);
    scene.flush();
    expect(scene.sockets.of("ada").slice(-2)).toMatchObject([
      { type: "ack", messageId: "other", payload: { success: false } },
      { type: "error", payload: { code: "access_denied" } },
    ]);
  });

  it("and nothing is answered that has none", () => {
    const scene = new RoomScene("general");
    scene.join("ada");
    scene.hear("ada", { type: "typing_start" });
    scene.flush();
    expect(scene.sockets.of("ada").map(({ type }) => type)).toEqual(["joined_room"]);
  });
});
