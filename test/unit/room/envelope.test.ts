import { describe, expect, it } from "vitest";
import { CHAT } from "../../../src/kinds/chat/kind.ts";
import { hears } from "../../../src/kinds/saying.ts";
import type { ClientFrameRow } from "../../../src/protocol/frames/row.ts";
import { CLIENT_FRAME_TYPES, CLIENT_FRAMES, isDurableType } from "../../../src/protocol/frames.ts";
import { RoomScene } from "./support/scene.ts";

const DURABLE = CLIENT_FRAME_TYPES.filter((type) => "durable" in CLIENT_FRAMES[type]);

describe("what a room tells", () => {
  it("has a timestamp each, and each event a seq (P3.1)", () => {
    const scene = new RoomScene("general");
    scene.join("ada");
    scene.join("ben");
    scene.hear("ada", { type: "send_message", messageId: "1", payload: { content: "one" } });
    scene.hear("ada", { type: "typing_start" });
    scene.hear("ada", { type: "publish", payload: { event: "e", data: 1 } });
    scene.hear("ada", { type: "react", messageId: "2", payload: { seq: 1, emoji: "👍" } });
    scene.hear("ada", { type: "flies" });
    scene.flush();
    const told = [...scene.sockets.of("ada"), ...scene.sockets.of("ben")];
    expect(new Set(told.map(({ type }) => type)).size).toBeGreaterThanOrEqual(8);
    for (const frame of told) {
      expect(frame).toMatchObject({ timestamp: expect.stringMatching(/^\d{4}-.*Z$/) });
      expect("seq" in frame, frame.type).toBe(isDurableType(frame.type));
    }
  });

  it("is a close with 1000 to whoever leaves (P5.14)", () => {
    const scene = new RoomScene("general");
    scene.join("ada");
    scene.hear("ada", { type: "leave_room" });
    scene.flush();
    expect(scene.sockets.closes).toEqual(new Map([["ada", 1000]]));
  });
});

describe("a frame that is stored", () => {
  it.each(DURABLE)("needs a messageId: %s (P3.4)", (type) => {
    const scene = new RoomScene(type.startsWith("document_") ? "document:notes" : "general");
    scene.join("ada");
    const payload = {
      ...{ seq: 1, content: "one", emoji: "👍" },
      ...{ version: 1, changes: ["one"], snapshot: "one" },
    };
    scene.hear("ada", { type, payload });
    scene.flush();
    expect(scene.sockets.payloads("ada", "error")).toMatchObject([
      { code: "invalid_frame", message: expect.stringContaining("messageId") },
    ]);
    expect(scene.store.log.head).toBe(0);
  });
});

describe("the grant that a frame needs", () => {
  const needy = CLIENT_FRAME_TYPES.flatMap((type) => {
    const { needs }: ClientFrameRow = CLIENT_FRAMES[type];
    return needs === undefined || !hears(CHAT, type) ? [] : [[type, needs] as const];
  });

  it.each(needy)("refuses %s without %j, whatever it names", (type, needs) => {
    const scene = new RoomScene("general");
    const others = (["read", "write", "publish", "moderate"] as const).filter(
      (grant) => !needs.includes(grant),
    );
    scene.join("ada", { permissions: others });
    const payload = { seq: 1, content: "one", emoji: "👍", upTo: 0, event: "e", data: 1 };
    scene.hear("ada", { type, messageId: "1", payload });
    scene.flush();
    const [ack] = scene.sockets.payloads("ada", "ack");
    expect(ack).toMatchObject({ success: false, error: { code: "access_denied" } });
  });
});
