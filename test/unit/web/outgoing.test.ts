import { describe, expect, it } from "vitest";
import { rows } from "../../../src/web/chat/state/rows.ts";
import { joined, lines, message, outgoing, roomAfter, said } from "./room-fixture.ts";

const written = (id: string, content = id) =>
  ({ type: "written", message: outgoing(id, content) }) as const;
const stored = (messageId: string, savedId: number) =>
  ({ type: "stored", messageId, savedId }) as const;
const echo = (seq: number, messageId: string) =>
  said(message(seq, { messageId, userId: "ben", userName: "Ben", content: messageId }));

describe("messages on their way", () => {
  it("come after all others, in the order they were written", () => {
    const state = roomAfter(joined(), written("a"), written("b"), said(message(1)));
    expect(lines(state)).toEqual(["text 1", "a [waiting]", "b [waiting]"]);
  });

  it("are never missing and never double, whether the ack or the message comes first", () => {
    const start = [joined(), written("a")] as const;
    expect(lines(roomAfter(...start, stored("a", 1)))).toEqual(["a [sent]"]);
    expect(lines(roomAfter(...start, stored("a", 1), echo(1, "a")))).toEqual(["a"]);
    expect(lines(roomAfter(...start, echo(1, "a")))).toEqual(["a"]);
    expect(lines(roomAfter(...start, echo(1, "a"), stored("a", 1)))).toEqual(["a"]);
  });

  it("keep their line when they are delivered", () => {
    const before = rows(roomAfter(joined(), written("a")));
    const later = rows(roomAfter(joined(), written("a"), echo(1, "a")));
    expect(later[0]?.key).toBe(before[0]?.key);
  });

  it("stay when somebody else uses the same messageId", () => {
    const state = roomAfter(joined(), written("a"), said(message(1, { messageId: "a" })));
    expect(lines(state)).toEqual(["text 1", "a [waiting]"]);
  });

  it("are delivered in order after a reconnect, once each", () => {
    const state = roomAfter(
      joined({ history: [message(1)] }),
      written("a"),
      written("b"),
      joined({ recovered: true, seq: 2 }),
      echo(2, "a"),
      stored("a", 2),
      stored("b", 3),
      echo(3, "b"),
    );
    expect(lines(state)).toEqual(["text 1", "a", "b"]);
  });

  it("leave when a history in place of the missed events shows they were stored", () => {
    const state = roomAfter(
      joined(),
      written("a"),
      written("b"),
      stored("a", 1),
      joined({ history: [message(500, { messageId: "x" })] }),
      stored("b", 2),
    );
    expect(lines(state)).toEqual(["text 500"]);
  });

  it("that were refused say why, can be tried again after what waits, or given up", () => {
    const refused = {
      type: "refused",
      messageId: "a",
      problem: { code: "rate_limited", message: "too fast" },
    } as const;
    const state = roomAfter(joined(), written("a"), written("b"), refused);
    expect(lines(state)).toEqual(["a [failed]", "b [waiting]"]);
    const retried = { type: "retried", messageId: "a" } as const;
    expect(lines(roomAfter(joined(), written("a"), written("b"), refused, retried))).toEqual([
      "b [waiting]",
      "a [waiting]",
    ]);
    const discarded = { type: "discarded", messageId: "a" } as const;
    expect(lines(roomAfter(joined(), written("a"), refused, discarded))).toEqual([]);
  });
});
