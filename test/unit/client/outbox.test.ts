import { describe, expect, it } from "vitest";
import type { PendingFrame } from "../../../src/client/room-event.ts";
import { settle } from "./support/manual-clock.ts";
import { contents, outcome } from "./support/outbox.ts";
import { ack, joined, nack, openScene, scene } from "./support/scene.ts";

describe("sending", () => {
  it("resolves at the ack with what was stored", async () => {
    const { network, room } = await openScene();
    const sent = room.send("hello", { replyTo: 3, mentions: ["bob"], data: { a: [1] } });
    expect(network.socket.frames).toEqual([
      {
        type: "send_message",
        messageId: "id-1",
        payload: { content: "hello", replyTo: 3, mentions: ["bob"], data: { a: [1] } },
        sentAt: 0,
      },
    ]);
    network.socket.say(ack("id-1", 7));
    expect(await sent).toEqual({ savedId: 7, messageId: "id-1", duplicate: false });
  });

  it("sends edits, deletions and reactions the same way", async () => {
    const { network, room } = await openScene();
    const sent = [room.edit(3, "b"), room.delete(4), room.react(5, "👍")];
    sent.push(room.react(5, "👍", { remove: true }));
    expect(network.socket.frames).toEqual([
      { type: "edit_message", messageId: "id-1", payload: { seq: 3, content: "b" }, sentAt: 0 },
      { type: "delete_message", messageId: "id-2", payload: { seq: 4 }, sentAt: 0 },
      { type: "react", messageId: "id-3", payload: { seq: 5, emoji: "👍" }, sentAt: 0 },
      {
        type: "react",
        messageId: "id-4",
        payload: { seq: 5, emoji: "👍", remove: true },
        sentAt: 0,
      },
    ]);
    network.socket.say(...[1, 2, 3, 4].map((n) => ack(`id-${n}`, 10 + n)));
    const receipts = await Promise.all(sent);
    expect(receipts.map(({ savedId }) => savedId)).toEqual([11, 12, 13, 14]);
  });

  it("queues what is sent before there is a connection, and keeps its order", async () => {
    const { network, room, greet } = await scene();
    for (const content of ["a", "b", "c"]) void outcome(room.send(content));
    await greet();
    expect(contents(network.socket)).toEqual(["a", "b", "c"]);
  });

  it("shows what is pending, in order, and says when that changes", async () => {
    const { network, room } = await openScene();
    const lists: (readonly PendingFrame[])[] = [];
    room.on("pending", (frames) => lists.push(frames));
    void outcome(room.send("a", { replyTo: 1 }));
    void outcome(room.edit(2, "b"));
    await settle();
    expect(room.pending).toEqual([
      { type: "send_message", messageId: "id-1", content: "a", replyTo: 1, sentAt: 0 },
      { type: "edit_message", messageId: "id-2", seq: 2, content: "b", sentAt: 0 },
    ]);
    network.socket.say(ack("id-1", 1));
    network.socket.say(nack("id-2", "access_denied"));
    expect(lists.map((list) => list.length)).toEqual([1, 2, 1, 0]);
  });

  it("refuses another text under a messageId that waits", async () => {
    const { network, room } = await openScene();
    const sent = room.send("one", { messageId: "m" });
    expect(await outcome(room.send("two", { messageId: "m" }))).toMatchObject({
      code: "conflict",
      outcome: "not_sent",
    });
    network.socket.say(ack("m", 1));
    expect((await sent).savedId).toBe(1);
  });

  it("takes the same messageId for the same frame", async () => {
    const { network, room } = await openScene();
    const twice = [room.send("a", { messageId: "mine" }), room.send("a", { messageId: "mine" })];
    await settle();
    expect(network.socket.frames).toHaveLength(1);
    network.socket.say(ack("mine", 1));
    const [first, second] = await Promise.all(twice);
    expect(second).toEqual(first);
  });

  it("speaks MessagePack when asked to", async () => {
    const { network, room } = await scene({ wire: "msgpack" });
    network.socket.sayBinary(joined());
    const sent = room.send("hello");
    expect(network.socket.sent[0]).toBeInstanceOf(Uint8Array);
    network.socket.sayBinary(ack("id-1", 1));
    expect((await sent).savedId).toBe(1);
  });

  it("rejects with the server's refusal, at once when it is final", async () => {
    const { network, room } = await openScene();
    const refused = outcome(room.delete(3));
    await settle();
    network.socket.say(nack("id-1", "access_denied"));
    expect(await refused).toMatchObject({
      name: "RealtimeError",
      code: "access_denied",
      message: "no: access_denied",
      retryable: false,
    });
    expect(network.socket.frames).toHaveLength(1);
  });

  it.each([
    // The types refuse it, and what comes from JavaScript may be one all the same.
    ["a date", { data: new Date() as unknown as string }],
    ["a lone surrogate", { data: "\ud800" }],
    ["a number that JSON lacks", { data: Number.NaN }],
  ])("rejects %s before it goes out, where it would count as a bad frame", async (_, options) => {
    const { network, room } = await openScene();
    await expect(room.send("a", options as { data: string })).rejects.toMatchObject({
      code: "invalid_frame",
    });
    expect(room.pending).toEqual([]);
    expect(network.socket.frames).toEqual([]);
  });

  it("rejects a frame that the server would close the connection for, and sends the rest", async () => {
    const { network, room, greet } = await scene();
    const long = outcome(room.send("é".repeat(600)));
    void outcome(room.send("short"));
    await greet({ limits: { frameBytes: 1_024, contentChars: 4_000, framesPerSecond: 20 } });
    expect(await long).toMatchObject({ code: "too_large" });
    expect(contents(network.socket)).toEqual(["short"]);
  });

  it("refuses the 1,001st pending frame", async () => {
    const { room } = await scene();
    for (let count = 0; count < 1_000; count += 1) void outcome(room.send("x"));
    await settle();
    expect(room.pending).toHaveLength(1_000);
    await expect(room.send("one more")).rejects.toMatchObject({
      code: "outbox_full",
      retryable: true,
    });
    expect(room.pending).toHaveLength(1_000);
  });
});

describe("acknowledgements that do not come", () => {
  it("are asked for again with the same messageId, ever more rarely and without end", async () => {
    const { clock, network, room } = await openScene();
    const sent = room.send("hello");
    const sentAfter: number[] = [];
    for (let second = 1; second <= 300; second += 1) {
      const before = network.socket.of("send_message").length;
      await clock.advance(1_000);
      network.socket.raw('{"type":"pong"}');
      if (network.socket.of("send_message").length > before) sentAfter.push(second);
    }
    expect(sentAfter).toEqual([5, 15, 35, 75, 135, 195, 255]);
    expect(new Set(network.socket.of("send_message").map(({ messageId }) => messageId))).toEqual(
      new Set(["id-1"]),
    );
    network.socket.say(ack("id-1", 1, { duplicate: true }));
    expect(await sent).toMatchObject({ savedId: 1 });
  });

  it("make the SDK ask at once whether anybody is there, and come back within 3 s if not", async () => {
    const { clock, network, room, greet } = await openScene();
    const sent = room.send("into a dead connection");
    await clock.advance(5_000);
    expect(network.socket.of("ping")).toHaveLength(1);
    await clock.advance(3_000);
    expect(room.status).toBe("reconnecting");
    await clock.advance(1_000);
    await greet({ recovered: true });
    expect(contents(network.socket)).toEqual(["into a dead connection"]);
    network.socket.say(ack("id-1", 1));
    expect((await sent).savedId).toBe(1);
  });

  it("resolve when a stall of 30 s heals: nothing was told in between", async () => {
    const { clock, network, room } = await openScene();
    let settled: unknown;
    void outcome(room.send("hello")).then((result) => {
      settled = result;
    });
    for (let second = 0; second < 30; second += 1) {
      await clock.advance(1_000);
      network.socket.raw('{"type":"pong"}');
    }
    expect(settled).toBeUndefined();
    network.socket.say(ack("id-1", 1));
    await settle();
    expect(settled).toMatchObject({ savedId: 1 });
  });

  it("are overdue after ackTimeoutMs", async () => {
    const { clock, network, room } = await openScene({ ackTimeoutMs: 100 });
    void outcome(room.send("hello"));
    await clock.advance(100);
    expect(network.socket.of("send_message")).toHaveLength(2);
  });

  it("counts only the time that there is a connection", async () => {
    const { clock, network, room, greet } = await openScene();
    let isSettled = false;
    void outcome(room.send("hello")).then(() => {
      isSettled = true;
    });
    await clock.advance(4_000);
    network.socket.close(1006);
    await clock.advance(1_000);
    await clock.advance(9_999);
    expect(isSettled).toBe(false);
    await greet({ recovered: true });
    await clock.advance(4_999);
    expect(network.socket.of("send_message")).toHaveLength(1);
    await clock.advance(1);
    expect(network.socket.of("send_message")).toHaveLength(2);
    network.socket.say(ack("id-1", 1, { duplicate: true }));
    await settle();
    expect(isSettled).toBe(true);
  });

  it("takes an ack that comes after the frame was queued again", async () => {
    const { clock, network, room } = await openScene();
    const sent = room.send("hello");
    await clock.advance(5_000);
    network.socket.say(ack("id-1", 1));
    network.socket.say(ack("id-1", 1, { duplicate: true }));
    expect(await sent).toMatchObject({ savedId: 1, duplicate: false });
  });
});
