import { describe, expect, it } from "vitest";
import type { PendingFrame } from "../../../src/client/room-event.ts";
import type { FakeSocket } from "./support/fake-network.ts";
import { settle } from "./support/manual-clock.ts";
import {
  ack,
  joined,
  message,
  nack,
  newMessage,
  openScene,
  type Scene,
  scene,
} from "./support/scene.ts";

/** What became of a promise: its value, or its error. */
async function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}

/** The contents of the messages that were sent, in order. */
function contents(socket: FakeSocket): readonly (string | undefined)[] {
  return socket.of("send_message").map((sent) => sent.payload?.content);
}

async function reconnect(scene: Scene, overrides = {}): Promise<void> {
  scene.network.socket.close(1006);
  await scene.clock.advance(1_000);
  await scene.greet({ recovered: true, ...overrides });
}

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

describe("reconnecting with something pending", () => {
  it("sends everything unacknowledged again, in order, with the same messageIds, before newer", async () => {
    const opened = await openScene();
    const { network, room } = opened;
    for (const content of ["a", "b", "c"]) void outcome(room.send(content));
    await settle();
    network.socket.say(ack("id-2", 1));
    network.socket.close(1006);
    void outcome(room.send("d"));
    await opened.clock.advance(1_000);
    await opened.greet({ recovered: true });
    expect(network.socket.of("send_message").map(({ messageId }) => messageId)).toEqual([
      "id-1",
      "id-3",
      "id-4",
    ]);
  });

  it("resolves with duplicate: true when the server had it already", async () => {
    const opened = await openScene();
    const sent = opened.room.send("hello");
    await reconnect(opened);
    opened.network.socket.say(ack("id-1", 1, { duplicate: true }));
    expect(await sent).toEqual({ savedId: 1, messageId: "id-1", duplicate: true });
  });

  it("does not send again what the replay shows was stored, however long ago", async () => {
    const opened = await openScene();
    const sent = opened.room.send("hello");
    void outcome(opened.room.send("next"));
    opened.network.socket.close(1006);
    await opened.clock.advance(1_000);
    await opened.greet({ recovered: true, seq: 2 });
    expect(opened.network.socket.frames).toEqual([]);
    opened.network.socket.say(newMessage(1, "bob", "id-2"), newMessage(2, "ann", "id-1"));
    expect(await sent).toEqual({ savedId: 2, messageId: "id-1", duplicate: true });
    expect(contents(opened.network.socket)).toEqual(["next"]);
  });

  it("does not send again what the history shows was stored", async () => {
    const opened = await openScene();
    const sent = opened.room.send("hello");
    await reconnect(opened, { recovered: false, seq: 5, history: [message(5, "ann", "id-1")] });
    expect(await sent).toMatchObject({ savedId: 5, duplicate: true });
    expect(opened.network.socket.frames).toEqual([]);
  });

  it("knows its own frames in the replay, though the new token made it someone else", async () => {
    const opened = await openScene();
    const sent = opened.room.send("hello");
    await reconnect(opened, { seq: 1, userId: "ann-again" });
    opened.network.socket.say(newMessage(1, "ann", "id-1"));
    expect(await sent).toMatchObject({ savedId: 1, duplicate: true });
    expect(opened.network.socket.frames).toEqual([]);
  });

  it("sends anyway when a promised replay does not come", async () => {
    const opened = await openScene();
    void outcome(opened.room.send("hello"));
    await reconnect(opened, { seq: 3 });
    expect(opened.network.socket.frames).toEqual([]);
    await opened.clock.advance(5_000);
    expect(contents(opened.network.socket)).toEqual(["hello"]);
  });

  it("rejects what names a seq of a log that is gone, and still sends the rest", async () => {
    const opened = await openScene();
    const { room } = opened;
    const gone = [room.edit(1, "x"), room.delete(1), room.react(1, "x")].map(outcome);
    gone.push(outcome(room.send("reply", { replyTo: 1 })));
    void outcome(room.send("plain"));
    await reconnect(opened, { recovered: false, epoch: "e2" });
    for (const error of await Promise.all(gone)) expect(error).toMatchObject({ code: "reset" });
    expect(contents(opened.network.socket)).toEqual(["plain"]);
  });

  it("goes on however often the line breaks, until the room is closed", async () => {
    const opened = await openScene();
    const [first, last] = [opened.room.send("a"), outcome(opened.room.send("b"))];
    for (let cut = 0; cut < 60; cut += 1) {
      opened.network.socket.close(1006);
      await opened.clock.advance(30_000);
      await opened.greet({ recovered: true });
    }
    expect(opened.room.pending).toHaveLength(2);
    opened.network.socket.say(ack("id-1", 1));
    expect((await first).savedId).toBe(1);
    opened.network.socket.close(4403);
    expect(await last).toMatchObject({ code: "disconnected", outcome: "unknown" });
  });

  it("says so too where the first answer was only late, and the frame went out again", async () => {
    const { clock, network, room } = await openScene();
    const sent = outcome(room.send("a"));
    await clock.advance(5_000);
    network.socket.say(nack("id-1", "access_denied"));
    expect(await sent).toMatchObject({ code: "access_denied", outcome: "unknown", sentAt: 0 });
  });

  it("says of a refusal that an earlier transmission was never answered", async () => {
    const opened = await openScene();
    const sent = outcome(opened.room.send("a"));
    const later = outcome(opened.room.send("b"));
    await reconnect(opened);
    opened.network.socket.say(nack("id-1", "access_denied"));
    expect(await sent).toMatchObject({ code: "access_denied", outcome: "unknown", sentAt: 0 });
    opened.network.socket.close(1006);
    await opened.clock.advance(2_000);
    const limits = { frameBytes: 10, contentChars: 10, framesPerSecond: 20 };
    await opened.greet({ recovered: true, limits });
    expect(await later).toMatchObject({ code: "too_large", outcome: "unknown" });
  });

  it("says nothing of the kind of what was refused at once", async () => {
    const { network, room } = await openScene();
    const sent = outcome(room.send("a"));
    await settle();
    network.socket.say(nack("id-1", "access_denied"));
    expect(await sent).not.toHaveProperty("outcome");
  });
});

describe("the server's quota", () => {
  /** Answers everything that was sent and not answered yet. */
  function ackAll(socket: FakeSocket, from: number): number {
    const sent = socket.of("send_message");
    for (const { messageId } of sent.slice(from)) socket.say(ack(messageId, 1));
    return sent.length;
  }

  it("keeps at most 32 frames under way", async () => {
    const { network, room } = await openScene();
    for (let count = 0; count < 100; count += 1) void outcome(room.send(`${count}`));
    await settle();
    expect(network.socket.frames).toHaveLength(32);
  });

  it("paces 100 sends at once to a burst of 40 and then below 20 a second", async () => {
    const { clock, network, room } = await openScene();
    for (let count = 0; count < 100; count += 1) void outcome(room.send(`${count}`));
    await settle();
    let acked = 0;
    const perSecond: number[] = [];
    for (let tick = 0; tick < 400; tick += 1) {
      acked = ackAll(network.socket, acked);
      await clock.advance(10);
      if (tick % 100 === 99) perSecond.push(network.socket.frames.length);
    }
    expect(perSecond).toEqual([58, 77, 96, 100]);
    expect(contents(network.socket)).toEqual(Array.from({ length: 100 }, (_, n) => `${n}`));
  });

  it("waits as long as the server says after rate_limited, then sends again, in order", async () => {
    const { clock, network, room } = await openScene();
    for (const content of ["a", "b", "c"]) void outcome(room.send(content));
    await settle();
    network.socket.say(nack("id-1", "rate_limited", { retryable: true, retryAfterMs: 700 }));
    void outcome(room.send("d"));
    network.socket.say(nack("id-2", "rate_limited", { retryable: true, retryAfterMs: 400 }));
    await clock.advance(699);
    expect(contents(network.socket)).toEqual(["a", "b", "c"]);
    network.socket.say(nack("id-3", "rate_limited", { retryable: true, retryAfterMs: 1 }));
    await clock.advance(400);
    expect(contents(network.socket).slice(3)).toEqual(["a", "b", "c", "d"]);
  });

  it("sends nothing after a refusal until everything under way is answered", async () => {
    const { clock, network, room } = await openScene();
    for (const content of ["a", "b"]) void outcome(room.send(content));
    await settle();
    network.socket.say(nack("id-1", "rate_limited", { retryable: true, retryAfterMs: 50 }));
    await clock.advance(1_000);
    expect(contents(network.socket)).toEqual(["a", "b"]);
    network.socket.say(ack("id-2", 1));
    expect(contents(network.socket)).toEqual(["a", "b", "a"]);
  });

  it("goes on at the server's pace after a refusal, whatever it had counted itself", async () => {
    const { clock, network, room } = await openScene();
    for (let count = 0; count < 5; count += 1) void outcome(room.send(`${count}`));
    await settle();
    const refused = network.socket.of("send_message");
    for (const { messageId } of refused) {
      network.socket.say(nack(messageId, "rate_limited", { retryable: true, retryAfterMs: 60 }));
    }
    await clock.advance(60);
    expect(contents(network.socket).slice(5)).toEqual(["0"]);
    await clock.advance(60);
    expect(contents(network.socket).slice(5)).toEqual(["0", "1"]);
  });

  it("loses nothing to being rate limited: 99 refusals are not tries", async () => {
    const { clock, network, room } = await openScene();
    const sent = room.send("hello");
    for (let refusal = 0; refusal < 99; refusal += 1) {
      await clock.advance(1_000);
      network.socket.say(nack("id-1", "rate_limited", { retryable: true, retryAfterMs: 900 }));
    }
    await clock.advance(1_000);
    expect(network.socket.of("send_message")).toHaveLength(100);
    network.socket.say(ack("id-1", 1));
    expect((await sent).savedId).toBe(1);
  });

  it("waits for a slow server as long as it says, however often", async () => {
    const { clock, network, room } = await openScene();
    network.socket.onSend = (data) => {
      if (data === '{"type":"ping"}') network.socket.raw('{"type":"pong"}');
    };
    const sent = room.send("hello");
    for (let refusal = 0; refusal < 300; refusal += 1) {
      await clock.advance(1_000);
      network.socket.say(nack("id-1", "rate_limited", { retryable: true, retryAfterMs: 900 }));
    }
    await clock.advance(1_000);
    network.socket.say(ack("id-1", 1));
    expect((await sent).savedId).toBe(1);
  });

  it("backs off on another refusal that may pass, fifty times, then rejects with it", async () => {
    const { clock, network, room } = await openScene();
    network.socket.onSend = (data) => {
      if (data === '{"type":"ping"}') network.socket.raw('{"type":"pong"}');
    };
    const sent = outcome(room.send("hello"));
    const waits = [1_000, 2_000, 4_000, 8_000, 16_000, ...Array<number>(44).fill(30_000)];
    for (const wait of waits) {
      await settle();
      network.socket.say(nack("id-1", "internal", { retryable: true }));
      const before = network.socket.of("send_message").length;
      await clock.advance(wait - 1);
      expect(network.socket.of("send_message")).toHaveLength(before);
      await clock.advance(1);
      expect(network.socket.of("send_message")).toHaveLength(before + 1);
    }
    network.socket.say(nack("id-1", "internal", { retryable: true }));
    expect(await sent).toMatchObject({ code: "internal", retryable: true });
  });
});
