import { describe, expect, it } from "vitest";
import type { ClientFrame } from "../../../src/protocol/client-frame.ts";
import { message, newMessage } from "./support/scene.ts";
import { BENCHES, TOKEN } from "./support/transport-bench.ts";

const FRAME_BYTES = 65_536;
const DURABLE = [
  { type: "send_message", messageId: "m1", payload: { content: "hello", replyTo: 2 } },
  { type: "edit_message", messageId: "m2", payload: { seq: 3, content: "b" } },
  { type: "delete_message", messageId: "m3", payload: { seq: 4 } },
  { type: "react", messageId: "m4", payload: { seq: 5, emoji: "👍", remove: true } },
] as const satisfies readonly ClientFrame[];

describe.each(BENCHES)("a channel by %s", (name, make) => {
  it("brings joined_room first, then what follows, in order", async () => {
    const bench = make();
    const channel = await bench.open();
    await bench.greet();
    await bench.say(newMessage(1), newMessage(2));
    await bench.say(newMessage(3));
    expect(channel.traits.name).toBe(name);
    expect(bench.told).toEqual(["joined_room", "new_message", "new_message", "new_message"]);
    expect(bench.frames.slice(1).map((frame) => "seq" in frame && frame.seq)).toEqual([1, 2, 3]);
  });

  it("asks from its cursor on, with its token, and brings what was missed after the greeting", async () => {
    const bench = make();
    await bench.open({ cursor: { seq: 7, epoch: "e1" } });
    expect(bench.query.get("since")).toBe("7");
    expect(bench.query.get("epoch")).toBe("e1");
    expect(bench.token).toBe(TOKEN);
    await bench.greet(true, [newMessage(8), newMessage(9)]);
    expect(bench.told).toEqual(["joined_room", "new_message", "new_message"]);
    expect(bench.frames[0]).toMatchObject({ payload: { recovered: true, history: [] } });
  });

  it.each(DURABLE)("sends $type, and brings its ack", async (frame) => {
    const bench = make();
    const channel = await bench.open();
    await bench.greet();
    const messageId = "messageId" in frame ? frame.messageId : "";
    channel.send(frame, FRAME_BYTES);
    await bench.say();
    expect(bench.sent).toEqual([{ type: frame.type, messageId }]);
    await bench.accept(messageId, 9);
    expect(bench.frames.at(-1)).toMatchObject({
      type: "ack",
      messageId,
      payload: { success: true, savedId: 9 },
    });
  });

  it("brings a refusal of what was sent as its ack, and goes on", async () => {
    const bench = make();
    const channel = await bench.open();
    await bench.greet();
    channel.send({ ...DURABLE[1] }, FRAME_BYTES);
    await bench.decline("m2", 404, "not_found");
    expect(bench.frames.at(-1)).toMatchObject({
      type: "ack",
      messageId: "m2",
      payload: { success: false, error: { code: "not_found" } },
    });
    await bench.say(newMessage(1));
    expect(bench.told.at(-1)).toBe("new_message");
  });

  it("says why it was refused at the door, and with which close code", async () => {
    const bench = make();
    await bench.open();
    await bench.refuse(403, "banned");
    expect(bench.told).toEqual(["error", 4403]);
    expect(bench.frames[0]).toMatchObject({ payload: { code: "banned" } });
  });

  it("closes with 1006 when it never came to be", async () => {
    const bench = make();
    await bench.open();
    await bench.cut();
    expect(bench.told).toEqual([1006]);
  });

  it("closes with 1006 when it broke, and tells nothing after that", async () => {
    const bench = make();
    const channel = await bench.open();
    await bench.greet();
    await bench.cut();
    expect(bench.told).toEqual(["joined_room", 1006]);
    channel.close(1000, "");
    await bench.clock.advance(60_000);
    expect(bench.told).toEqual(["joined_room", 1006]);
  });

  it("ends when it is closed, and leaves no timer", async () => {
    const bench = make();
    const channel = await bench.open();
    await bench.greet();
    channel.close(1000, "");
    if (name === "websocket") await bench.cut();
    await bench.clock.advance(0);
    expect(bench.told.filter((told) => typeof told === "number")).toHaveLength(1);
    expect(bench.clock.pending).toBe(0);
  });

  it("survives what is not a frame", async () => {
    const bench = make();
    await bench.open();
    await bench.greet();
    await bench.say({ type: "new_message", seq: 1, payload: { ...message(1), content: 5 } });
    await bench.say(newMessage(2));
    expect(bench.told).toEqual(["joined_room", "malformed", "new_message"]);
  });
});
