import { describe, expect, it } from "vitest";
import { PERMISSIONS } from "../../src/protocol/grant.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";

const room = () => `room-${crypto.randomUUID()}`;

describe("joining", () => {
  it("answers joined_room first, with everything the contract names (P4.1)", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    expect(ada.frames[0]?.type).toBe("joined_room");
    expect(ada.joined).toEqual({
      roomId: name,
      userId: "ada",
      epoch: expect.any(String),
      seq: 0,
      users: [{ userId: "ada", name: "ADA" }],
      reads: {},
      history: [],
      recovered: false,
      heartbeatMs: 30_000,
      limits: {
        frameBytes: 65_536,
        contentChars: 4_000,
        framesPerSecond: 20,
        presencePerSecond: 30,
      },
    });
  });

  it.each(["json", "msgpack", "plain"] as const)("carries a message over %s", async (wire) => {
    const name = room();
    const ada = await Peer.connect(name, "ada", { wire });
    const ben = await Peer.connect(name, "ben");
    expect(await ada.say("hello 響")).toEqual({ success: true, savedId: 1 });
    await ben.see("new_message");
    expect(ben.of("new_message")[0]).toMatchObject({ seq: 1, userId: "ada", content: "hello 響" });
    expect(ada.of("new_message")[0]).toMatchObject({ seq: 1, content: "hello 響" });
  });

  it("hands a plain connection single frames, never a batch (P3.6)", async () => {
    const name = room();
    const plain = await Peer.connect(name, "ada", { wire: "plain" });
    const ben = await Peer.connect(name, "ben");
    await Promise.all(Array.from({ length: 10 }, (_, i) => ben.say(`m${i}`)));
    await plain.see("new_message", 10);
    expect(plain.raw.every((raw) => JSON.parse(raw as string).type !== "batch")).toBe(true);
  });

  it("tells the others who came and who left, once a person", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const ben = await Peer.connect(name, "ben");
    const benAgain = await Peer.connect(name, "ben");
    ben.close();
    await ben.untilClosed();
    benAgain.close();
    await ada.see("user_left");
    await ada.settle();
    expect(ada.of("user_joined")).toEqual([{ userId: "ben", name: "BEN" }]);
    expect(ada.of("user_left")).toEqual([{ userId: "ben", name: "BEN" }]);
  });

  it("resumes with every missed event in order, and says recovered (P4.3)", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await ada.say("one");
    const { epoch } = ada.joined;
    await ada.say("two");
    await ada.ask("edit_message", { seq: 1, content: "one!" });
    await ada.ask("delete_message", { seq: 2 });
    const ben = await Peer.connect(name, "ben", { query: `?since=1&epoch=${epoch}` });
    await ben.until((frames) => frames.filter(({ seq }) => seq !== undefined).length === 3);
    expect(ben.joined).toMatchObject({ recovered: true, history: [], seq: 4 });
    expect(
      ben.frames.filter(({ seq }) => seq !== undefined).map(({ seq, type }) => [seq, type]),
    ).toEqual([
      [2, "message_deleted"],
      [3, "message_edited"],
      [4, "message_deleted"],
    ]);
  });

  it.each(["since=1&epoch=another", "since=99&epoch=EPOCH", "since=0"])(
    "starts anew with history for the cursor %s",
    async (query) => {
      const name = room();
      const ada = await Peer.connect(name, "ada");
      await ada.say("one");
      const ben = await Peer.connect(name, "ben", {
        query: `?${query.replace("EPOCH", ada.joined.epoch)}`,
      });
      expect(ben.joined.recovered).toBe(false);
      expect(ben.joined.history).toHaveLength(1);
    },
  );
});

describe("messages", () => {
  it("stores nothing new for a messageId sent again, and answers its first savedId", async () => {
    const ada = await Peer.connect(room(), "ada");
    expect(await ada.say("hi", "m-1")).toEqual({ success: true, savedId: 1 });
    expect(await ada.say("hi", "m-1")).toEqual({ success: true, savedId: 1, duplicate: true });
    expect(ada.of("new_message")).toHaveLength(1);
  });

  it("edits, reacts and deletes, and history shows the present", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const ben = await Peer.connect(name, "ben");
    await ada.say("frist");
    await ada.ask("edit_message", { seq: 1, content: "first" });
    await ben.ask("react", { seq: 1, emoji: "👍" });
    await ben.see("message_reacted");
    expect(ben.of("message_edited")[0]).toMatchObject({
      seq: 1,
      content: "first",
      editedAt: expect.any(String),
    });
    expect(ben.of("message_reacted")[0]).toEqual({ seq: 1, emoji: "👍", userId: "ben" });
    const eve = await Peer.connect(name, "eve");
    expect(eve.joined.history[0]).toMatchObject({ content: "first", reactions: { "👍": ["ben"] } });
    await ada.ask("delete_message", { seq: 1 });
    await eve.see("message_deleted");
    expect(eve.of("message_deleted")).toEqual([{ seq: 1, userId: "ada" }]);
  });

  it("lets nobody but the author edit a message, and nobody but them or a moderator delete it (P5.8)", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const ben = await Peer.connect(name, "ben");
    const token = await tokenFor("mod", { rooms: { [name]: ["read", "moderate"] } });
    const writes = await tokenFor("all", { rooms: { "*": [...PERMISSIONS] } });
    const moderator = await Peer.connect(name, "mod", { token });
    const writer = await Peer.connect(name, "all", { token: writes });
    await ada.say("mine");
    const refusal = { success: false, error: { code: "access_denied" } };
    expect(await ben.ask("edit_message", { seq: 1, content: "his" })).toMatchObject(refusal);
    expect(await ben.ask("delete_message", { seq: 1 })).toMatchObject(refusal);
    expect(await moderator.ask("edit_message", { seq: 1, content: "x" })).toMatchObject(refusal);
    expect(await writer.ask("edit_message", { seq: 1, content: "x" })).toMatchObject(refusal);
    expect(await moderator.say("no write grant")).toMatchObject(refusal);
    expect(await moderator.ask("delete_message", { seq: 1 })).toMatchObject({ success: true });
  });
});

describe("what is not stored", () => {
  it("tells typing to the others, and its end when the typist sends (P5.11)", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const ben = await Peer.connect(name, "ben");
    ada.send({ type: "typing_start" });
    await ben.see("user_typing");
    await ada.say("done");
    await ben.see("user_typing", 2);
    expect(ben.of("user_typing")).toEqual([
      { userId: "ada", name: "ADA", typing: true },
      { userId: "ada", name: "ADA", typing: false },
    ]);
    expect(ada.of("user_typing")).toEqual([]);
  });

  it("moves receipts up only (P5.12)", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const ben = await Peer.connect(name, "ben");
    await ada.say("one");
    await ada.say("two");
    for (const upTo of [1, 2, 1, 99]) ben.send({ type: "read_messages", payload: { upTo } });
    await ben.settle();
    expect(ben.of("messages_read")).toEqual([
      { userId: "ben", upTo: 1 },
      { userId: "ben", upTo: 2 },
    ]);
    const eve = await Peer.connect(name, "eve");
    expect(eve.joined.reads).toEqual({ ben: 2 });
  });

  it("publishes to the others, with the grant", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const ben = await Peer.connect(name, "ben");
    const token = await tokenFor("eve", { rooms: { "*": ["read", "write"] } });
    const eve = await Peer.connect(name, "eve", { token });
    ada.send({ type: "publish", payload: { event: "cursor", data: { x: 1 } } });
    await ben.see("event");
    expect(ben.of("event")).toEqual([{ event: "cursor", data: { x: 1 }, userId: "ada" }]);
    expect(ada.of("event")).toEqual([]);
    eve.send({ type: "publish", payload: { event: "cursor", data: null } });
    await eve.see("error");
    expect(eve.of("error")[0].code).toBe("access_denied");
  });
});

describe("refusals", () => {
  it("answers what it cannot read, and closes with 4400 after ten in a row (P9.4)", async () => {
    const ada = await Peer.connect(room(), "ada");
    ada.send({ type: "fly" });
    await ada.see("error");
    expect(ada.of("error")[0].code).toBe("unknown_type");
    for (let i = 0; i < 9; i++) ada.socket.send("not json");
    expect((await ada.untilClosed()).code).toBe(4400);
  });

  it("nacks a bad frame that has a messageId, saying what was wrong (P3.3)", async () => {
    const ada = await Peer.connect(room(), "ada");
    expect(await ada.ask("send_message", { content: 7 })).toMatchObject({
      success: false,
      error: {
        code: "invalid_frame",
        message: expect.stringContaining("content"),
        retryable: false,
      },
    });
    expect(await ada.say("x".repeat(4_001))).toMatchObject({ error: { code: "too_large" } });
    expect(await ada.say("x".repeat(4_000))).toMatchObject({ success: true });
  });

  it("closes with 1009 for a frame over the limit (P3.9)", async () => {
    const ada = await Peer.connect(room(), "ada");
    ada.socket.send("x".repeat(65_537));
    expect((await ada.untilClosed()).code).toBe(1009);
  });

  it("refuses frames beyond the quota with a time to wait, then closes with 4429 (P9.5)", async () => {
    const ada = await Peer.connect(room(), "ada");
    for (let i = 0; i < 600; i++)
      ada.send({ type: "send_message", messageId: `m${i}`, payload: { content: "x" } });
    expect((await ada.untilClosed()).code).toBe(4429);
    const limited = ada.of("ack").find(({ success }) => !success);
    expect(limited.error).toMatchObject({
      code: "rate_limited",
      retryable: true,
      retryAfterMs: expect.any(Number),
    });
  });

  it("ignores any identity that a client claims in headers or frames (P2.1)", async () => {
    const name = room();
    const claim = encodeURIComponent(JSON.stringify({ session: { userId: "root" } }));
    const ada = await Peer.connect(name, "ada", {
      headers: { "x-hibiki-admission": claim, "x-user-id": "root" },
    });
    expect(ada.joined.userId).toBe("ada");
    ada.send({
      type: "send_message",
      messageId: "m",
      userId: "root",
      payload: { content: "x", userId: "root", userName: "Root" },
    });
    await ada.see("new_message");
    expect(ada.of("new_message")[0]).toMatchObject({ userId: "ada", userName: "ADA" });
  });

  it("accepts no more connections from one address than it is told (P9.6)", async () => {
    const name = room();
    const headers = { "CF-Connecting-IP": "203.0.113.7" };
    for (let i = 0; i < 12; i++) await Peer.connect(name, `u${i}`, { headers });
    const oneTooMany = await Peer.connect(name, "u12", { headers });
    expect(oneTooMany.of("error")[0].code).toBe("too_many_connections");
    expect((await oneTooMany.untilClosed()).code).toBe(4429);
    const elsewhere = await Peer.connect(name, "u11", {
      headers: { "CF-Connecting-IP": "203.0.113.8" },
    });
    expect(elsewhere.joined.userId).toBe("u11");
  });
});
