import { describe, expect, it } from "vitest";
import { frameParser } from "../../../src/protocol/client-frame-schema.ts";

describe("client frames", () => {
  const parse = frameParser("chat", 4_000);
  const send = (payload: object) =>
    parse({ type: "send_message", messageId: "m", payload: payload as never });

  it("drops unknown fields and repeated mentions", () => {
    expect(send({ content: "x", mentions: ["a", "a"], userId: "root" })).toEqual({
      ok: true,
      messageId: "m",
      frame: { type: "send_message", messageId: "m", payload: { content: "x", mentions: ["a"] } },
    });
  });

  it.each([
    [{ content: "" }, "invalid_frame"],
    [{ content: "x".repeat(4_001) }, "too_large"],
    [{ content: "x", replyTo: 0 }, "invalid_frame"],
    [{ content: "x", mentions: Array.from({ length: 21 }, (_, i) => `u${i}`) }, "invalid_frame"],
    [{ content: "x", data: "d".repeat(4_095) }, "too_large"],
  ])("refuses %o", (payload, code) => {
    expect(send(payload)).toMatchObject({ ok: false, messageId: "m", error: { code } });
  });

  it("refuses an emoji that would break every MessagePack reader as a key", () => {
    const payload = { seq: 1, emoji: "__proto__" };
    expect(parse({ type: "react", messageId: "m", payload })).toMatchObject({ ok: false });
  });

  it("takes the head that a sender knew when it first sent a stored frame", () => {
    const frame = (sentAt: unknown) =>
      parse({ type: "send_message", messageId: "m", payload: { content: "x" }, sentAt } as never);
    expect(frame(0)).toMatchObject({ ok: true, frame: { sentAt: 0 } });
    for (const sentAt of [-1, 1.5, "1", null]) {
      expect(frame(sentAt)).toMatchObject({ ok: false, error: { code: "invalid_frame" } });
    }
  });

  it("takes what is just within the bounds", () => {
    expect(send({ content: "x".repeat(4_000), data: "d".repeat(4_094) }).ok).toBe(true);
  });

  it.each([null, [], "x", {}, { type: "constructor" }, { type: 1 }])("refuses %o", (value) => {
    expect(parse(value as never).ok).toBe(false);
  });
});
