import { PacketType } from "socket.io-parser";
import { describe, expect, it } from "vitest";
import { Scene, settle } from "./scene.ts";

describe("at the door (P21.2)", () => {
  it("lets in whoever brings a token, in its auth or in the query", async () => {
    const scene = new Scene();
    await scene.enter({ token: "ann" });
    expect(scene.connect).toEqual({ sid: expect.any(String), pid: expect.any(String) });

    const other = new Scene({ token: "bob" });
    await other.enter({});
    expect(other.room.member.userId).toBe("bob");
  });

  it("says Authentication failed, and what was wrong beside it", async () => {
    const scene = new Scene();
    await scene.enter({ token: "bad" });
    expect(scene.connect).toEqual({
      message: "Authentication failed",
      data: { code: "unauthorized", message: "No.", retryable: false },
    });
    // A second try over the same connection.
    await scene.enter({ token: "ann" });
    expect(scene.connect?.sid).toBeDefined();
  });

  it("lets a client come back by itself when its token cannot be looked at now", async () => {
    const scene = new Scene();
    await scene.enter({ token: "busy" });
    expect(scene.connect).toBeUndefined();
    expect(scene.ended).toEqual(["forced close"]);
  });

  it("has no other namespace", () => {
    const scene = new Scene();
    scene.send({ type: PacketType.CONNECT, nsp: "/admin", data: { token: "ann" } });
    expect(scene.packets.at(-1)).toMatchObject({
      type: PacketType.CONNECT_ERROR,
      nsp: "/admin",
      data: { message: "Invalid namespace" },
    });
  });

  it("ends a connection that is in no namespace after 45 s, and one that speaks before it is in", async () => {
    const idle = new Scene();
    await idle.advance(45_000);
    expect(idle.ended).toEqual(["forced close"]);
    const early = new Scene();
    early.emit("join_room", "lobby");
    expect(early.ended).toEqual(["forced close"]);
  });

  it.each([
    "9",
    "2",
    "2{}",
    '50-["a"]',
    '511-["a",{"_placeholder":true,"num":0}]',
    "2[[[",
    "x".repeat(9),
  ])("ends with a parse error at %j", async (packet) => {
    const scene = new Scene();
    await scene.enter();
    scene.session.message(packet);
    expect(scene.ended).toEqual(["parse error"]);
    expect(scene.room.closed?.code).toBe(4000);
  });

  it("refuses what is binary, and ends with more of it than it takes", async () => {
    const scene = new Scene();
    await scene.enter();
    scene.emit("send_message", { room: "lobby", message: new Uint8Array(3) }, 5);
    expect(scene.answer(5)).toMatchObject({ success: false, error: { code: "invalid_frame" } });
    scene.session.message('52-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    scene.session.message(new Uint8Array(600_000));
    scene.session.message(new Uint8Array(600_000));
    expect(scene.ended).toEqual(["parse error"]);
  });
});

describe("the token's end (P21.9)", () => {
  it("is told, and the client is sent away", async () => {
    const scene = new Scene();
    await scene.enter({ token: "ann" }, "lobby");
    await scene.advance(3_600_000);
    expect(scene.events("error")).toEqual([
      ["error", expect.objectContaining({ code: "token_expired" })],
    ]);
    expect(scene.packets.at(-1)?.type).toBe(PacketType.DISCONNECT);
    expect(scene.room.closed?.code).toBe(4401);
  });

  it("is put off by a newer token of the same user, and of no other", async () => {
    const scene = new Scene();
    await scene.enter({ token: "ann" });
    await scene.advance(1_800_000);
    scene.emit("refresh_token", { token: "bob" }, 1);
    scene.emit("refresh_token", "ann#2", 2);
    await settle();
    expect(scene.answer(1)).toMatchObject({ success: false, error: { code: "unauthorized" } });
    expect(scene.answer(2)).toEqual({ success: true, expiresAt: expect.any(String) });
    expect(scene.room.renewed?.token).toBe("ann#2");
    await scene.advance(1_800_000);
    expect(scene.ended).toEqual([]);
    await scene.advance(1_800_000);
    expect(scene.ended).toEqual(["forced close"]);
  });
});

describe("quotas (P21.10)", () => {
  it("let a connection say four times what it may in one room, and end what goes on", async () => {
    const scene = new Scene();
    await scene.enter({ token: "ann" }, "lobby");
    for (let n = 0; n < 250; n++) scene.emit("nonsense", {}, n);
    const refused = [...Array(250).keys()].map((id) => scene.answer(id));
    expect(refused.filter((one) => JSON.stringify(one).includes("unknown_type"))).toHaveLength(199);
    expect(scene.answer(249)).toMatchObject({ error: { code: "rate_limited", retryable: true } });
    expect(scene.ended).toEqual([]);
    for (let n = 0; n < 200; n++) scene.emit("nonsense", {});
    expect(scene.ended).toEqual(["forced close"]);
    expect(scene.packets.at(-1)?.type).toBe(PacketType.DISCONNECT);
  });
});

describe("leaving", () => {
  it("is for good by disconnect, and no leave when the connection is lost", async () => {
    const scene = new Scene();
    await scene.enter({ token: "ann" }, "lobby");
    scene.send({ type: PacketType.DISCONNECT });
    expect(scene.room.closed?.code).toBe(1000);
    await scene.enter({ token: "ann" }, "lobby");
    expect(scene.rooms).toHaveLength(2);
    scene.session.closed();
    expect(scene.room.closed?.code).toBe(4000);
  });
});
