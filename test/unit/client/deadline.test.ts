import { describe, expect, it } from "vitest";
import { settle } from "./support/manual-clock.ts";
import { ack, frame, nack, newMessage, openScene, scene } from "./support/scene.ts";

async function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}

describe("a caller's deadline", () => {
  it("withdraws what was never transmitted, and says so", async () => {
    const { clock, room, greet, network } = await scene();
    const sent = outcome(room.send("hello", { timeoutMs: 2_000 }));
    await clock.advance(2_000);
    expect(await sent).toMatchObject({ code: "timeout", outcome: "not_sent" });
    expect(room.pending).toEqual([]);
    await greet();
    expect(network.socket.of("send_message")).toEqual([]);
  });

  it("says why there was no connection, and nothing of one that there was", async () => {
    const { clock, room, network } = await openScene();
    network.socket.close(1006);
    const sent = outcome(room.send("hello", { timeoutMs: 200 }));
    await clock.advance(200);
    expect(await sent).toMatchObject({ code: "timeout", cause: { code: "disconnected" } });
    const open = await openScene();
    const late = outcome(open.room.send("hello", { timeoutMs: 200 }));
    await open.clock.advance(200);
    expect(await late).not.toHaveProperty("cause");
  });

  it("says that nobody knows of what was transmitted, and sends it no more", async () => {
    const { clock, room, network } = await openScene();
    const sent = outcome(room.send("hello", { timeoutMs: 2_000 }));
    await clock.advance(2_000);
    expect(await sent).toMatchObject({ code: "timeout", outcome: "unknown", retryable: true });
    await clock.advance(2_000);
    expect(network.socket.of("send_message")).toHaveLength(1);
  });

  it("comes by a signal too, with its reason", async () => {
    const { room } = await scene();
    const abort = new AbortController();
    const edited = outcome(room.edit(1, "b", { signal: abort.signal }));
    abort.abort("changed my mind");
    const expected = { code: "aborted", outcome: "not_sent", cause: "changed my mind" };
    expect(await edited).toMatchObject(expected);
    expect(await outcome(room.delete(1, { signal: abort.signal }))).toMatchObject(expected);
    expect(await outcome(room.react(1, "x", { signal: abort.signal }))).toMatchObject(expected);
    expect(room.pending).toEqual([]);
  });

  it("leaves no timer behind when the answer comes first", async () => {
    const { clock, room, network } = await openScene();
    const before = clock.pending;
    const sent = room.send("hello", { timeoutMs: 60_000 });
    await settle();
    network.socket.say(ack("id-1", 1));
    await sent;
    expect(clock.pending).toBe(before);
  });

  it.each([Number.POSITIVE_INFINITY, 2 ** 31])("of %d ms is none", async (timeoutMs) => {
    const { clock, room, network } = await openScene({ ackTimeoutMs: timeoutMs });
    const sent = room.send("hello", { timeoutMs });
    await clock.advance(1_000);
    network.socket.say(ack("id-1", 1));
    expect((await sent).savedId).toBe(1);
  });

  it("of one caller does not take the frame from another who sends the same", async () => {
    const { clock, room, network } = await openScene();
    const hasty = outcome(room.send("a", { messageId: "mine", timeoutMs: 1_000 }));
    const patient = room.send("a", { messageId: "mine" });
    await clock.advance(1_000);
    expect(await hasty).toMatchObject({ code: "timeout", outcome: "unknown" });
    network.socket.say(ack("mine", 1));
    expect((await patient).savedId).toBe(1);
  });

  it("is the only one there is: what waits when the room is closed for good says what became of it", async () => {
    const { room, network } = await openScene();
    const sent = outcome(room.send("transmitted"));
    await settle();
    network.socket.close(4403);
    expect(await sent).toMatchObject({ code: "disconnected", outcome: "unknown" });
    expect(await outcome(room.send("too late"))).toMatchObject({ outcome: "not_sent" });
  });
});

describe("sentAt", () => {
  it("is the seq that the sender stood at when it first sent, kept over resends", async () => {
    const { clock, room, network, greet } = await openScene();
    network.socket.say(newMessage(1), newMessage(2));
    void outcome(room.send("hello"));
    await settle();
    network.socket.say(newMessage(3));
    network.socket.close(1006);
    await clock.advance(1_000);
    await greet({ recovered: false, seq: 5_000 });
    expect(network.sockets.map((socket) => socket.of("send_message")[0])).toMatchObject([
      { messageId: "id-1", sentAt: 2 },
      { messageId: "id-1", sentAt: 2 },
    ]);
  });

  it("comes with what nobody knows of, and goes with it when it is sent again", async () => {
    const { clock, room, network } = await openScene();
    network.socket.say(newMessage(1), newMessage(2));
    const sent = outcome(room.send("a", { messageId: "mine", timeoutMs: 1_000 }));
    await settle();
    expect(room.pending).toMatchObject([{ sentAt: 2 }]);
    await clock.advance(1_000);
    expect(await sent).toMatchObject({ outcome: "unknown", sentAt: 2 });
    network.socket.say(newMessage(3));
    const again = outcome(room.send("a", { messageId: "mine", sentAt: 2 }));
    await settle();
    expect(network.socket.of("send_message").at(-1)).toMatchObject({ sentAt: 2 });
    network.socket.say(nack("mine", "access_denied"));
    expect(await again).toMatchObject({ outcome: "unknown", sentAt: 2 });
  });

  it("is void in another life of the log", async () => {
    const { clock, room, network, greet } = await openScene();
    network.socket.say(newMessage(1), newMessage(2));
    void outcome(room.send("hello"));
    await settle();
    network.socket.close(1006);
    await clock.advance(1_000);
    await greet({ epoch: "e2", seq: 7 });
    expect(network.socket.of("send_message")[0]).toMatchObject({ sentAt: 7 });
  });
});

describe("what is missing", () => {
  it("is come back for when a seq is skipped, and shown in order", async () => {
    const { clock, room, network, greet, log } = await openScene();
    network.socket.say(newMessage(1), newMessage(3), newMessage(4));
    expect(room.seq).toBe(1);
    expect(room.status).toBe("reconnecting");
    await clock.advance(0);
    expect(network.socket.url.searchParams.get("since")).toBe("1");
    await greet({ recovered: true, seq: 4 });
    network.socket.say(newMessage(2), newMessage(3), newMessage(4));
    const seqs = log.filter(({ type }) => type === "new_message").map(({ payload }) => payload);
    expect(seqs).toMatchObject([{ seq: 1 }, { seq: 2 }, { seq: 3 }, { seq: 4 }]);
  });

  it("and never comes is passed over after three tries, each later than the one before", async () => {
    const { clock, room, network, greet, statuses } = await openScene();
    for (let round = 0; round < 3; round += 1) {
      network.socket.say(newMessage(3));
      await clock.advance(statuses.at(-1)?.retryInMs ?? 0);
      await greet({ recovered: true, seq: 3 });
    }
    const waits = statuses.flatMap(({ retryInMs }) => retryInMs ?? []);
    expect(waits).toEqual([0, 1_000, 2_000]);
    network.socket.say(newMessage(3));
    expect([room.status, room.seq]).toEqual(["open", 3]);
  });

  it("does not make it reconnect without end to a server that always sends garbage", async () => {
    const { clock, network, greet, statuses, room } = await openScene();
    for (let round = 0; round < 100; round += 1) {
      network.socket.say(frame("new_message", {}, { seq: "x" }));
      await clock.advance(statuses.at(-1)?.retryInMs ?? 1_000);
      if (room.status === "reconnecting") await greet({ recovered: true });
    }
    expect(network.sockets.length).toBeLessThan(6);
    expect(room.status).toBe("open");
  });
});
