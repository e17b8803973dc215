import { describe, expect, it } from "vitest";
import { parserFor } from "../../support/kinds.ts";

describe("client frames", () => {
  const parse = parserFor("general");
  const send = (payload: object) =>
    parse({ type: "send_message", messageId: "m", payload: payload as never });

  it("drops unknown fields and repeated mentions", () => {
    expect(send({ content: "x", mentions: ["a", "a"], userId: "root" })).toEqual({
      ok: true,
      messageId: "m",
      frame: { type: "send_message", messageId: "m", payload: { content: "x", mentions: ["a"] } },
    });
  });

  it.each<[object, string]>([
    [{}, "invalid_frame"],
    [{ content: "" }, "invalid_frame"],
    [{ content: " \u200b\n" }, "invalid_frame"],
    [{ content: " ", data: 1 }, "invalid_frame"],
    [{ content: null, data: 1 }, "invalid_frame"],
    [{ content: "x".repeat(4_001) }, "too_large"],
    [{ content: "x", replyTo: 0 }, "invalid_frame"],
    [{ content: "x", replyTo: 2 ** 53 }, "invalid_frame"],
    [{ content: "x", mentions: Array.from({ length: 21 }, (_, i) => `u${i}`) }, "invalid_frame"],
    [{ content: "x", mentions: [".."] }, "invalid_frame"],
    [{ content: "x", data: "d".repeat(4_095) }, "too_large"],
    [{ content: "x", data: 2 ** 53 }, "invalid_frame"],
    [{ content: "x", data: "\ud800" }, "invalid_frame"],
    [{ content: "\ud800" }, "invalid_frame"],
    [{ content: "x", data: JSON.parse('{"__proto__":1}') }, "invalid_frame"],
    [{ content: "x", data: JSON.parse("1e999") }, "invalid_frame"],
    [{ content: "x", unknown: JSON.parse(`${"[".repeat(17)}${"]".repeat(17)}`) }, "invalid_frame"],
  ])("refuses %j, and says which frame it was", (payload, code) => {
    expect(send(payload)).toMatchObject({ ok: false, messageId: "m", error: { code } });
  });

  it.each(["__proto__", " ", "\u200d", ""])("refuses %j as an emoji", (emoji) => {
    const payload = { seq: 1, emoji };
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

  it.each([{}, { content: "" }])("takes a message of data alone: %j", (payload) => {
    expect(send({ ...payload, data: null })).toMatchObject({
      frame: { payload: { content: "", data: null } },
    });
  });

  it("takes no edit that leaves nothing to see", () => {
    for (const content of ["", " ", undefined]) {
      const payload = { seq: 1, content, data: 1 };
      expect(parse({ type: "edit_message", messageId: "m", payload })).toMatchObject({ ok: false });
    }
  });

  it("says of a type it does not know which frame it was, in well-formed words", () => {
    const told = parse({ type: "\ud800fly", messageId: "m", payload: 2 ** 60 });
    expect(told).toMatchObject({ ok: false, messageId: "m", error: { code: "unknown_type" } });
    expect(told.ok || told.error.message.isWellFormed()).toBe(true);
  });

  it("names the place of what readers could not read (P3.10)", () => {
    expect(send({ content: "x", data: { id: 653247040368672768n as unknown } })).toMatchObject({
      error: { message: expect.stringContaining("payload.data.id") },
    });
    expect(send({ content: "x", data: { id: 2 ** 53 } })).toMatchObject({
      error: { message: expect.stringContaining("send it as text") },
    });
  });

  it.each(["\ud800", "", 5, "x".repeat(129)])(
    "cannot name a frame by the messageId %j",
    (messageId) => {
      const told = parse({ type: "send_message", messageId, payload: { content: "x" } });
      expect(told.ok).toBe(false);
      expect(told.messageId).toBeUndefined();
    },
  );

  it("takes what is just within the bounds", () => {
    expect(send({ content: "x".repeat(4_000), data: "d".repeat(4_094) }).ok).toBe(true);
  });

  it.each([null, undefined, [], "x", {}, { type: "constructor" }, { type: 1 }, new Date(), 1n])(
    "refuses %o",
    (value) => {
      expect(parse(value).ok).toBe(false);
    },
  );
});
