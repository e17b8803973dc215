import { describe, expect, it } from "vitest";
import { settle } from "./support/manual-clock.ts";
import { contents, outcome } from "./support/outbox.ts";
import { ack, message, nack, newMessage, openScene, type Scene } from "./support/scene.ts";

async function reconnect(scene: Scene, overrides = {}): Promise<void> {
  scene.network.socket.close(1006);
  await scene.clock.advance(1_000);
  await scene.greet({ recovered: true, ...overrides });
}

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
