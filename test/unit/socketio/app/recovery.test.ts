import fc from "fast-check";
import { PacketType } from "socket.io-parser";
import { describe, expect, it } from "vitest";
import { readOffset, writeOffset } from "../../../../src/socketio/app/offset.ts";
import { Scene, settle } from "./scene.ts";

/** A client that was in a room, up to seq 9, and has lost its connection. */
async function dropped(): Promise<{ scene: Scene; auth: object; sid: string | undefined }> {
  const scene = new Scene();
  await scene.enter({ token: "ann" }, "lobby");
  scene.room.message("lobby", 8);
  scene.room.message("lobby", 9);
  const { sid, pid } = scene.connect ?? {};
  const auth = { token: "ann", pid, offset: scene.offset };
  scene.session.closed();
  scene.packets.length = 0;
  scene.open();
  return { scene, auth, sid };
}

describe("a client that comes back", () => {
  it("is let in as who it was, once its rooms are entered where it stood, and is told what it missed", async () => {
    const { scene, auth, sid } = await dropped();
    scene.send({ type: PacketType.CONNECT, data: auth });
    await settle();
    expect(scene.room.joined).toEqual([
      { room: "lobby", cursor: { epoch: "e1", seq: 9 }, history: 0 },
    ]);
    expect(scene.packets).toEqual([]);
    scene.room.greet("lobby", { seq: 11 });
    scene.room.message("lobby", 9);
    scene.room.message("lobby", 10);
    scene.room.message("lobby", 11);
    expect(scene.packets[0]).toMatchObject({ type: PacketType.CONNECT, data: { sid } });
    expect(scene.cameBack).toEqual(["recovered"]);
    expect(scene.events("new_message").map(([, told]) => (told as { seq: number }).seq)).toEqual([
      10, 11,
    ]);
    expect(scene.events("room_users")).toEqual([]);
    scene.emit("send_message", { room: "lobby", content: "hi" });
    expect(scene.room.said).toHaveLength(1);
  });

  it("begins anew when a room no longer knows what it missed", async () => {
    const { scene, auth, sid } = await dropped();
    scene.send({ type: PacketType.CONNECT, data: auth });
    await settle();
    scene.room.greet("lobby", { recovered: false });
    await settle();
    expect(scene.rooms.at(-2)?.closed).toBeDefined();
    expect(scene.connect?.sid).not.toBe(sid);
    expect(scene.room.joined).toEqual([]);
    expect(scene.cameBack).toEqual(["forgotten"]);
  });

  it("begins anew with what is another client's offset, and is counted so", async () => {
    const { scene, auth, sid } = await dropped();
    scene.send({ type: PacketType.CONNECT, data: { ...auth, offset: "theirs" } });
    await settle();
    expect(scene.connect?.sid).not.toBe(sid);
    expect(scene.cameBack).toEqual(["unknown"]);
  });

  it("keeps its place in a room in which nothing was stored before it slept", async () => {
    const scene = new Scene();
    await scene.enter();
    scene.emit("join_room", "lobby");
    scene.room.greet("lobby", { seq: 0 });
    const { pid, sid } = scene.connect ?? {};
    const auth = { token: "ann", pid, offset: scene.offset };
    scene.open();
    scene.send({ type: PacketType.CONNECT, data: auth });
    await settle();
    scene.room.greet("lobby", { epoch: "e2", seq: 3, recovered: false });
    // What was stored since is missed: it is asked for by the new epoch.
    expect(scene.room.left).toEqual(["lobby"]);
    expect(scene.room.joined.at(-1)).toMatchObject({ cursor: { epoch: "e2", seq: 0 } });
    scene.room.greet("lobby", { epoch: "e2", seq: 3, recovered: true });
    scene.room.message("lobby", 1);
    expect(scene.connect?.sid).toBe(sid);
    expect(scene.events("new_message")).toHaveLength(1);
  });

  it("is let in without a room that it may not enter any more, and is told so", async () => {
    const { scene, auth, sid } = await dropped();
    scene.send({ type: PacketType.CONNECT, data: auth });
    await settle();
    const error = { code: "banned" as const, message: "No.", retryable: false };
    scene.room.listener.left("lobby", { code: 4403, reason: "banned", clean: true }, error);
    expect(scene.connect?.sid).toBe(sid);
    expect(scene.packets.map(({ type }) => type)).toEqual([0, 2, 2]);
    expect(scene.events("error")).toEqual([["error", { ...error, room: "lobby" }]]);
    expect(scene.offset).not.toContain("lobby");
  });

  it("is let in after 3 s when a room cannot be reached, which goes on being tried", async () => {
    const { scene, auth, sid } = await dropped();
    scene.send({ type: PacketType.CONNECT, data: auth });
    await settle();
    scene.room.listener.left("lobby", { code: 1011, reason: "internal", clean: false });
    await scene.advance(3_000);
    expect(scene.connect?.sid).toBe(sid);
    scene.emit("send_message", { room: "lobby", content: "waits" }, 1);
    expect(scene.room.said).toEqual([]);
    scene.room.greet("lobby");
    expect(scene.room.said).toHaveLength(1);
  });

  it.each([{ token: "bob" }, { pid: "b".repeat(24) }])(
    "is another for another user, and with the offset of a client before it, %j",
    async (other) => {
      const { scene, auth, sid } = await dropped();
      await scene.enter({ ...auth, ...other });
      expect(scene.connect?.sid).not.toBe(sid);
      expect(scene.room.joined).toEqual([]);
    },
  );

  it("is who it was, and nowhere, when it had been told of nothing", async () => {
    const scene = new Scene();
    await scene.enter();
    const { pid, sid } = scene.connect ?? {};
    scene.open();
    await scene.enter({ token: "ann", pid });
    expect(scene.connect).toEqual({ pid, sid });
  });

  it("must still have a token", async () => {
    const { scene, auth } = await dropped();
    await scene.enter({ ...auth, token: "bad" });
    expect(scene.connect?.message).toBe("Authentication failed");
  });
});

describe("an offset", () => {
  it("says where a client stands in up to 32 rooms of any name", () => {
    const place = fc.record({ epoch: fc.string({ maxLength: 64 }), seq: fc.nat() });
    const name = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_~:-]{1,128}$/), fc.constant("user:a|/,é"));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, place), { maxLength: 32 }), (rooms) => {
        const places = new Map(rooms);
        const stands = [...places].map(([room, cursor]) => ({ room, cursor }));
        expect(readOffset("0123456789", writeOffset("0123456789", stands))).toEqual(places);
      }),
    );
  });

  it("that is none is none, whatever it is", () => {
    fc.assert(
      fc.property(fc.anything(), (junk) => {
        const places = readOffset("0123456789", junk);
        expect(places === undefined || places.size === 0).toBe(true);
      }),
    );
    const tag = "01234567";
    for (const text of ["a", "a/b", "a/b/-1", "a/b/x", "%/b/1", "a b/c/1", "/e/1"]) {
      expect(readOffset("0123456789", `${tag},${text}`), text).toBeUndefined();
    }
    const many = [...Array(33).keys()].map((n) => `r${n}/e/1`).join(",");
    expect(readOffset("0123456789", `${tag},${many}`)).toBeUndefined();
    expect(readOffset("0123456789", `${tag},r/e/1${"x".repeat(20_000)}`)).toBeUndefined();
  });
});

describe("a handover", () => {
  it("goes on in another Worker where the client stood, with all that was not answered", async () => {
    const scene = new Scene();
    await scene.enter({ token: "ann" }, "lobby");
    scene.room.message("lobby", 8);
    scene.emit("join_room", "hall", 4);
    scene.emit("send_message", { room: "lobby", content: "hi" }, 5);
    const { sid } = scene.connect ?? {};
    const state = scene.session.handover();
    const before = scene.packets.length;
    scene.room.message("lobby", 9);
    expect(scene.packets).toHaveLength(before);
    expect(scene.room.closed).toBeUndefined();

    const other = new Scene({}, state);
    // What comes while its token is looked at waits for that.
    other.emit("send_message", { room: "lobby", content: "more" }, 6);
    await settle();
    expect(other.room.joined).toEqual([
      { room: "lobby", cursor: { epoch: "e1", seq: 8 }, history: 0 },
      { room: "hall", history: 50 },
    ]);
    other.room.greet("lobby");
    other.room.message("lobby", 9);
    expect(other.taken).toBe(0);
    other.room.greet("hall");
    expect(other.taken).toBe(1);
    expect(other.connect).toBeUndefined();
    expect(other.events("new_message")).toHaveLength(1);
    expect(other.answer(4)).toMatchObject({ success: true, room: "hall" });
    other.room.ack("lobby", 0, { success: true, savedId: 10 });
    expect(other.answer(5)).toEqual({ success: true, savedId: 10 });
    expect(other.room.said.map(({ frame }) => frame["payload"])).toEqual([
      { content: "hi" },
      { content: "more" },
    ]);
    expect(other.offset?.slice(0, 8)).toBe(sid?.slice(0, 8));
    scene.session.closed();
    expect(scene.room.closed?.code).toBe(4000);
  });

  it("lets in there whoever was at the door here, or had not come yet", async () => {
    const scene = new Scene();
    scene.send({ type: PacketType.CONNECT, data: { token: "ann" } });
    const other = new Scene({}, scene.session.handover());
    await settle();
    expect(other.connect?.sid).toBeDefined();
    expect(scene.packets).toEqual([]);
    const third = new Scene({}, new Scene().session.handover());
    await third.enter();
    expect(third.connect?.sid).toBeDefined();
  });
});
