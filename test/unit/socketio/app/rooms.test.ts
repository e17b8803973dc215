import { describe, expect, it } from "vitest";
import { Scene, settle } from "./scene.ts";

async function inLobby(): Promise<Scene> {
  const scene = new Scene();
  await scene.enter({ token: "ann" }, "lobby");
  return scene;
}

describe("join_room (P21.3)", () => {
  it("answers its callback, and tells who is there", async () => {
    const scene = await inLobby();
    const users = [{ userId: "ann", name: "Ann" }];
    expect(scene.answer(1_000)).toMatchObject({
      success: true,
      room: "lobby",
      users,
      seq: 7,
      history: [],
    });
    expect(scene.events()).toEqual([["room_users", { room: "lobby", users }]]);
  });

  it.each(["lobby", { room: "lobby" }, { roomId: "lobby" }])(
    "answers by joined_room where there is no callback, %j",
    async (said) => {
      const scene = new Scene();
      await scene.enter();
      scene.emit("join_room", said);
      scene.room.greet("lobby");
      expect(scene.events("joined_room")).toEqual([
        [
          "joined_room",
          expect.objectContaining({ room: "lobby", roomId: "lobby", users: expect.any(Array) }),
        ],
      ]);
    },
  );

  it("is answered again, and enters nothing, when it is repeated", async () => {
    const scene = await inLobby();
    scene.emit("join_room", "lobby", 7);
    await settle();
    expect(scene.answer(7)).toMatchObject({
      success: true,
      users: [{ userId: "ann", name: "Ann" }],
    });
    expect(scene.room.joined).toHaveLength(1);
  });

  it("says why not, by the callback or by an error", async () => {
    const scene = new Scene();
    await scene.enter();
    scene.emit("join_room", "vip", 1);
    scene.emit("join_room", "vip");
    const error = { code: "access_denied" as const, message: "No.", retryable: false };
    scene.room.listener.left("vip", { code: 4403, reason: "access_denied", clean: true }, error);
    expect(scene.answer(1)).toEqual({ success: false, error });
    expect(scene.events("error")).toEqual([["error", { ...error, room: "vip" }]]);
    scene.emit("join_room", "no room", 2);
    expect(scene.answer(2)).toMatchObject({ success: false, error: { code: "invalid_frame" } });
  });

  it("enters at most 32 rooms", async () => {
    const scene = new Scene();
    await scene.enter({ token: "ann" }, ...[...Array(32).keys()].map((n) => `r${n}`));
    scene.emit("join_room", "r32", 9);
    expect(scene.answer(9)).toMatchObject({
      success: false,
      error: { code: "too_many_connections" },
    });
  });
});

describe("send_message (P21.4)", () => {
  it("is answered once the room has it, by its callback and by its messageId", async () => {
    const scene = await inLobby();
    scene.emit(
      "send_message",
      { roomId: "lobby", message: "hi", messageId: "k1", data: { a: 1 } },
      3,
    );
    expect(scene.room.said).toEqual([
      {
        room: "lobby",
        frame: {
          type: "send_message",
          messageId: "k1",
          payload: { content: "hi", data: { a: 1 } },
        },
      },
    ]);
    expect(scene.answer(3)).toBeUndefined();
    scene.room.ack("lobby", 0, { success: true, savedId: 8 });
    expect(scene.answer(3)).toEqual({ success: true, savedId: 8 });
    expect(scene.events("ack:k1")).toEqual([["ack:k1", { success: true, savedId: 8 }]]);
  });

  it("is refused in a room that was not joined, and when it is too large", async () => {
    const scene = await inLobby();
    scene.emit("send_message", { room: "other", content: "hi" }, 1);
    scene.emit("send_message", { room: "lobby", content: "x".repeat(70_000), messageId: "k" });
    scene.emit("send_message", { room: "other", content: "hi" });
    expect(scene.answer(1)).toMatchObject({ success: false, error: { code: "conflict" } });
    expect(scene.events("ack:k")).toEqual([
      ["ack:k", { success: false, error: expect.objectContaining({ code: "too_large" }) }],
    ]);
    expect(scene.events("error")).toEqual([
      ["error", expect.objectContaining({ code: "conflict", room: "other" })],
    ]);
    expect(scene.room.said).toEqual([]);
  });

  it("is told to others as receive_message and new_message, to its own connection as the latter alone", async () => {
    const scene = await inLobby();
    scene.emit("send_message", { room: "lobby", content: "mine", messageId: "k1" });
    scene.room.message("lobby", 8, { userId: "ann", messageId: "k1" });
    scene.room.message("lobby", 9);
    // Another connection of the same user, and another user with the same key.
    scene.room.message("lobby", 10, { userId: "ann", messageId: "k2" });
    scene.room.message("lobby", 11, { userId: "bob", messageId: "k1" });
    const seqs = (name: string) =>
      scene.events(name).map(([, told]) => (told as { seq: number }).seq);
    expect(seqs("receive_message")).toEqual([9, 10, 11]);
    expect(seqs("new_message")).toEqual([8, 9, 10, 11]);
    expect(scene.events("receive_message")[0]).toEqual([
      "receive_message",
      {
        ...{
          room: "lobby",
          userId: "bob",
          userName: "Bob",
          message: "c9",
          messageId: "m9",
          seq: 9,
        },
        timestamp: "2026-11-27T00:00:00.000Z",
      },
    ]);
  });
});

describe("what else is said (P21.5)", () => {
  it.each([
    ["typing", "lobby", { type: "typing_start" }],
    ["typing", { room: "lobby", typing: false }, { type: "typing_end" }],
    ["read_messages", { room: "lobby", upTo: 3 }, { type: "read_messages", payload: { upTo: 3 } }],
    [
      "presence",
      { room: "lobby", data: { a: 1 } },
      { type: "presence", payload: { data: { a: 1 } } },
    ],
    ["vote", { room: "lobby", option: "x" }, { type: "vote", payload: { option: "x" } }],
  ])("%s %j", async (name, said, frame) => {
    const scene = await inLobby();
    scene.emit(name, said);
    expect(scene.room.said.at(-1)?.frame).toMatchObject(frame);
    expect(scene.room.said.at(-1)?.frame).not.toHaveProperty("messageId");
  });

  it("is unknown where no room is named, or it is the connection's own", async () => {
    const scene = await inLobby();
    scene.emit("nonsense", { a: 1 }, 1);
    scene.emit("read_mark", { room: "lobby", id: "x" }, 2);
    scene.emit("toString");
    expect(scene.answer(1)).toMatchObject({ success: false, error: { code: "unknown_type" } });
    expect(scene.answer(2)).toMatchObject({ success: false, error: { code: "unknown_type" } });
    expect(scene.events("error")[0]?.[1]).toMatchObject({ code: "unknown_type" });
    expect(scene.room.said).toEqual([]);
  });

  it("enters a document or a game that is spoken of first, by its own name or the whole", async () => {
    const scene = await inLobby();
    scene.emit("document_change", { documentId: "plan", version: 0, changes: ["a"] }, 4);
    scene.emit("player_input", { room: "game:g", dx: 1 });
    expect(scene.room.joined.map(({ room }) => room)).toEqual(["lobby", "document:plan", "game:g"]);
    expect(scene.room.said).toEqual([]);
    scene.room.tell("document:plan", "joined_document", {
      ...{ epoch: "d", seq: 0, recovered: false, users: [], version: 0, from: 0, snapshot: null },
    });
    expect(scene.room.said).toMatchObject([
      {
        room: "document:plan",
        frame: { type: "document_change", payload: { version: 0, changes: ["a"] } },
      },
    ]);
    scene.room.tell(
      "document:plan",
      "remote_change",
      { from: 0, version: 1, changes: ["a"], userId: "ann" },
      { seq: 1 },
    );
    expect(scene.events("remote_change")).toEqual([
      [
        "remote_change",
        expect.objectContaining({ room: "document:plan", documentId: "plan", version: 1 }),
      ],
    ]);
  });
});

describe("what is heard (P21.6)", () => {
  it("has its frame's name, and the room", async () => {
    const scene = await inLobby();
    const { room } = scene;
    room.tell("lobby", "user_typing", { userId: "bob", name: "Bob", typing: true });
    room.tell("lobby", "user_left", { userId: "bob", name: "Bob" });
    room.tell("lobby", "message_deleted", { seq: 3, userId: "bob" }, { seq: 8 });
    room.tell("lobby", "closed", { winner: "x" }, { seq: 9, userId: "bob" });
    room.tell("lobby", "disconnect", { a: 1 }, { userId: "bob" });
    expect(scene.events().slice(1)).toEqual([
      ["user_typing", { room: "lobby", userId: "bob", userName: "Bob", typing: true }],
      ["user_left", { room: "lobby", userId: "bob", name: "Bob" }],
      ["message_deleted", { room: "lobby", seq: 3, userId: "bob" }],
      ["closed", { room: "lobby", winner: "x", seq: 9, userId: "bob", timestamp: "t" }],
      ["event", { room: "lobby", event: "disconnect", data: expect.objectContaining({ a: 1 }) }],
    ]);
  });

  it("of a topic has the name it was published by, unless that means something else", async () => {
    const scene = new Scene();
    await scene.enter();
    scene.emit("subscribe", "stocks", 1);
    const timestamp = "2026-11-27T00:00:00.000Z";
    scene.room.greet("topic:stocks", { last: { cpu: { data: 1, timestamp } } });
    const publish = (event: string, data: unknown) =>
      scene.room.tell("topic:stocks", "event", { event, data, userId: "bob" });
    publish("cpu", "text");
    publish("connect", 2);
    publish("new_message", 3);
    const about = { room: "topic:stocks", timestamp: "t", userId: "bob" };
    expect(scene.events().slice(1)).toEqual([
      ["cpu", 1, { room: "topic:stocks", timestamp }],
      ["cpu", "text", about],
      ["event", { event: "connect", data: 2, ...about }],
      ["event", { event: "new_message", data: 3, ...about }],
    ]);
    expect(scene.answer(1)).toMatchObject({ success: true, room: "topic:stocks" });
  });

  it("of one's own inbox comes after authenticate, whoever was named", async () => {
    const scene = new Scene();
    await scene.enter();
    scene.emit("authenticate", "mallory", 1);
    await settle();
    scene.room.greet("user:ann", { unread: 2 });
    scene.room.tell("user:ann", "notification", { seq: 8, id: "n", title: "T" }, { seq: 8 });
    scene.room.tell("user:ann", "notifications_read", { upTo: 8, unread: 0 });
    expect(scene.answer(1)).toMatchObject({ success: true, userId: "ann", unread: 2 });
    expect(scene.events("notification")).toEqual([
      ["notification", { room: "user:ann", seq: 8, id: "n", title: "T" }],
    ]);
    expect(scene.events("unread").map(([, told]) => (told as { unread: number }).unread)).toEqual([
      2, 3, 0,
    ]);
  });
});
