import { describe, expect, it } from "vitest";
import {
  frame,
  joined,
  message,
  newMessage,
  openScene,
  type Scene,
  scene,
} from "./support/scene.ts";

/** The seqs of the messages that the application was told of. */
function told({ log }: Scene): readonly number[] {
  return log.flatMap(({ type, payload }) =>
    type === "new_message" ? [(payload as { seq: number }).seq] : [],
  );
}

async function reconnect(scene: Scene): Promise<void> {
  scene.network.socket.close(1006);
  await scene.clock.advance(2_000);
}

describe("resuming", () => {
  it("asks for what came after the last event seen, in its epoch", async () => {
    const opened = await openScene();
    opened.network.socket.say(newMessage(1), newMessage(2));
    await reconnect(opened);
    expect(opened.network.socket.url.search).toBe("?since=2&epoch=e1&echo=true");
  });

  it("shows every event once and in order, though the server repeats itself", async () => {
    const opened = await openScene();
    opened.network.socket.say(newMessage(1), newMessage(2), newMessage(2), newMessage(1));
    await reconnect(opened);
    await opened.greet({ recovered: true, seq: 4 });
    opened.network.socket.say(newMessage(2), newMessage(3), newMessage(4));
    opened.network.socket.say(newMessage(4));
    expect(told(opened)).toEqual([1, 2, 3, 4]);
    expect(opened.log.map(({ type }) => type)).not.toContain("reset");
    expect(opened.room.seq).toBe(4);
  });

  it("resumes from where a replay was cut short", async () => {
    const opened = await openScene();
    await reconnect(opened);
    await opened.greet({ recovered: true, seq: 9 });
    opened.network.socket.say(newMessage(1), newMessage(2));
    await reconnect(opened);
    expect(opened.network.socket.url.searchParams.get("since")).toBe("2");
  });

  it("goes on in a log that was imported: another epoch, and yet recovered", async () => {
    const opened = await openScene();
    opened.network.socket.say(newMessage(1), newMessage(2));
    await reconnect(opened);
    await opened.greet({ epoch: "e2", recovered: true, seq: 3 });
    opened.network.socket.say(newMessage(3));
    expect(told(opened)).toEqual([1, 2, 3]);
    expect(opened.log.map(({ type }) => type)).not.toContain("reset");
    await reconnect(opened);
    expect(opened.network.socket.url.search).toContain("since=3&epoch=e2");
  });

  it("says reset (epoch) before a joined_room of another life of the log", async () => {
    const opened = await openScene();
    opened.network.socket.say(newMessage(1), newMessage(2), newMessage(3));
    await reconnect(opened);
    await opened.greet({ epoch: "e2", seq: 1, history: [message(1)] });
    expect(opened.log.slice(-2)).toEqual([
      { type: "reset", payload: { reason: "epoch" } },
      {
        type: "joined_room",
        payload: joined({ epoch: "e2", seq: 1, history: [message(1)] }).payload,
      },
    ]);
    opened.network.socket.say(newMessage(2));
    expect(told(opened)).toEqual([1, 2, 3, 2]);
    expect(opened.room.epoch).toBe("e2");
  });

  it("says reset (gap) when more was missed than is replayed, and delivers nothing twice", async () => {
    const opened = await openScene();
    opened.network.socket.say(newMessage(1));
    await reconnect(opened);
    await opened.greet({ seq: 2_000, history: [message(2_000)] });
    opened.network.socket.say(newMessage(2_000), newMessage(2_001));
    expect(opened.log.filter(({ type }) => type === "reset")).toEqual([
      { type: "reset", payload: { reason: "gap" } },
    ]);
    expect(told(opened)).toEqual([1, 2_001]);
  });

  it("never goes back within one life of the log, whatever head a server claims", async () => {
    const opened = await openScene();
    opened.network.socket.say(newMessage(1), newMessage(2), newMessage(3));
    await reconnect(opened);
    await opened.greet({ seq: 1 });
    opened.network.socket.say(newMessage(2), newMessage(3), newMessage(4));
    expect(told(opened)).toEqual([1, 2, 3, 4]);
  });

  it("says no reset on the first join", async () => {
    const opened = await openScene();
    expect(opened.log.map(({ type }) => type)).toEqual(["joined_room"]);
  });

  it("has the room's state in place when listeners hear of it", async () => {
    const { room, network } = await scene();
    const seen: unknown[] = [];
    room.on("status", ({ status }) => seen.push([status, room.users.length, room.userId]));
    room.on("joined_room", () => seen.push([room.status, room.seq]));
    room.on("new_message", ({ seq }, { timestamp }) => seen.push([seq, room.seq, timestamp]));
    network.socket.say(joined({ seq: 3 }), newMessage(4));
    expect(seen).toEqual([
      ["open", 1, "ann"],
      ["open", 3],
      [4, 4, "2026-01-01T00:00:00.000Z"],
    ]);
  });
});

describe("receipts", () => {
  it("only move up in one life of the log, and are kept when who greets does not know them", async () => {
    const { clock, greet, log, network, room } = await scene();
    await greet({ reads: { ann: 3, bob: 5 } });
    network.socket.close(1006);
    await clock.advance(2_000);
    await greet({ recovered: true, reads: { ann: 2, cat: 1 } });
    expect(room.reads).toEqual({ ann: 3, bob: 5, cat: 1 });
    expect(log.at(-1)?.payload).toMatchObject({ reads: { ann: 3, bob: 5, cat: 1 } });
    network.socket.close(1006);
    await clock.advance(2_000);
    await greet({ epoch: "e2", reads: {} });
    expect(room.reads).toEqual({});
  });
});

describe("frames", () => {
  it("unpacks a batch, in order", async () => {
    const opened = await openScene();
    opened.network.socket.say(
      newMessage(1),
      frame("message_edited", { ...message(1), content: "b" }, { seq: 2 }),
      frame("message_reacted", { seq: 1, emoji: "👍", userId: "bob" }, { seq: 3 }),
      frame("message_deleted", { seq: 1, userId: "bob" }, { seq: 4 }),
      frame("event", { event: "cursor", data: null, userId: "bob" }),
    );
    expect(opened.log.slice(1).map(({ type }) => type)).toEqual([
      "new_message",
      "message_edited",
      "message_reacted",
      "message_deleted",
      "event",
    ]);
  });

  it("reads MessagePack, alone and in a batch", async () => {
    const opened = await scene({ wire: "msgpack" });
    expect(opened.network.socket.protocols[0]).toBe("hibiki.v1.msgpack");
    opened.network.socket.sayBinary(joined());
    opened.network.socket.sayBinary({
      type: "batch",
      timestamp: "",
      payload: [newMessage(1), newMessage(2)],
    });
    expect(told(opened)).toEqual([1, 2]);
  });

  it.each([
    ["text that is not JSON", "{"],
    ["no object", "3"],
    ["no type", '{"payload":{}}'],
    ["a type that is no string", '{"type":7}'],
    ["a payload that is missing", '{"type":"new_message"}'],
    ["a payload with the wrong fields", '{"type":"user_joined","payload":{"userId":7}}'],
    ["a seq that is no whole number", '{"type":"x","seq":"7"}'],
    ["an ack of nothing", '{"type":"ack","payload":{"success":true,"savedId":1}}'],
    ["an ack of no seq", '{"type":"ack","messageId":"a","payload":{"success":true,"savedId":"1"}}'],
    ["a refusal without its reason", '{"type":"ack","messageId":"a","payload":{"success":false}}'],
    ["a batch in a batch", '{"type":"batch","payload":[{"type":"batch","payload":[]}]}'],
    ["a batch that is no list", '{"type":"batch","payload":{}}'],
    ["binary on a text connection", new ArrayBuffer(2)],
    ["a blob", {}],
  ])("reports %s as invalid_frame, and comes back at once with its cursor", async (_what, data) => {
    const opened = await openScene();
    opened.network.socket.say(newMessage(1));
    opened.network.socket.raw(data);
    expect(opened.log.slice(2)).toEqual([
      { type: "error", payload: expect.objectContaining({ code: "invalid_frame" }) },
    ]);
    expect(opened.statuses.at(-1)).toMatchObject({ status: "reconnecting", retryInMs: 0 });
    await opened.clock.advance(0);
    expect(opened.network.socket.url.searchParams.get("since")).toBe("1");
    await opened.greet({ recovered: true, seq: 2 });
    opened.network.socket.say(newMessage(2));
    expect(told(opened)).toEqual([1, 2]);
    expect(opened.room.status).toBe("open");
  });

  it.each([
    ["without its fields", { epoch: "e1" }],
    ["with a heartbeat of nothing", joined({ heartbeatMs: 0 }).payload],
  ])("reports a joined_room %s, and tries again", async (_what, payload) => {
    const opened = await scene();
    opened.network.socket.say({ ...joined(), payload });
    expect(opened.log).toMatchObject([{ type: "error", payload: { code: "invalid_frame" } }]);
    expect(opened.room.status).toBe("reconnecting");
    expect(opened.room.reason?.code).toBe("invalid_frame");
  });

  it("keeps its place in the log over events it does not know (P3.2)", async () => {
    const opened = await openScene();
    opened.network.socket.say(frame("poll_opened", { options: [] }, { seq: 1 }));
    expect(opened.log).toHaveLength(1);
    expect(opened.room.seq).toBe(1);
  });

  it("does not take a server's frame for one of its own events", async () => {
    const opened = await openScene();
    opened.network.socket.say(frame("status", { status: "closed" }), frame("reset", {}));
    expect(opened.statuses).toEqual([{ status: "open", transport: "websocket" }]);
    expect(opened.log).toHaveLength(1);
  });

  it("goes on when a listener throws, and reports it", async () => {
    const opened = await openScene();
    opened.room.on("new_message", () => {
      throw new Error("mine");
    });
    opened.network.socket.say(newMessage(1), newMessage(2));
    expect(told(opened)).toEqual([1, 2]);
    expect(opened.network.reported).toHaveLength(2);
  });

  it("tells the server's errors", async () => {
    const opened = await openScene();
    const error = { code: "rate_limited", message: "Slow down.", retryable: true };
    opened.network.socket.say(frame("error", error));
    expect(opened.log.at(-1)).toEqual({ type: "error", payload: error });
  });

  it("explains a close by the error right before it, and by none longer ago", async () => {
    const opened = await openScene();
    const error = { code: "banned", message: "Banned.", retryable: false };
    opened.network.socket.say(frame("error", error));
    opened.network.socket.say(newMessage(1));
    opened.network.socket.close(1006);
    expect(opened.statuses.at(-1)?.reason?.code).toBe("disconnected");
    await opened.clock.advance(1_000);
    await opened.greet({ recovered: true, seq: 1 });
    opened.network.socket.say(frame("error", error));
    opened.network.socket.close(4403);
    expect(opened.statuses.at(-1)?.reason).toEqual({ code: "banned", message: "Banned." });
  });
});
