import { describe, expect, it } from "vitest";
import { PollCollector } from "../../../src/edge/transports/poll-collector.ts";
import { Reading } from "../../../src/edge/transports/reading.ts";
import type { TextFrame } from "../../../src/protocol/unbundle.ts";

const frame = (type: string, fields: { seq?: number; payload?: unknown } = {}): TextFrame => ({
  type,
  ...fields,
  json: JSON.stringify({ type, ...fields }),
});
const joined = (seq: number, recovered: boolean) =>
  frame("joined_room", { payload: { epoch: "e", seq, recovered } });
const message = (seq: number) => frame("new_message", { seq });
const refusal = { code: "banned", message: "no", retryable: false };

describe("where a reader stands", () => {
  it("is the head that joined_room tells, for whoever starts anew (P4.2)", () => {
    const reading = new Reading(undefined);
    expect([reading.cursor, reading.isBehind]).toEqual([undefined, true]);
    expect(reading.follow(joined(7, false))).toBe(true);
    expect([reading.cursor, reading.isBehind]).toEqual([{ epoch: "e", seq: 7 }, false]);
  });

  it("is where it was until it is shown what it missed, for whoever resumes", () => {
    const reading = new Reading({ epoch: "e", seq: 5 });
    reading.follow(joined(7, true));
    expect([reading.cursor, reading.isBehind]).toEqual([{ epoch: "e", seq: 5 }, true]);
    reading.follow(message(6));
    expect([reading.cursor, reading.isBehind]).toEqual([{ epoch: "e", seq: 6 }, true]);
    reading.follow(message(7));
    expect([reading.cursor, reading.isBehind]).toEqual([{ epoch: "e", seq: 7 }, false]);
  });

  it("does not move with what is not stored", () => {
    const reading = new Reading(undefined);
    reading.follow(joined(7, false));
    expect(reading.follow(frame("user_typing"))).toBe(false);
    expect(reading.cursor).toEqual({ epoch: "e", seq: 7 });
  });
});

describe("a long poll", () => {
  const collect = (from: { epoch: string; seq: number } | undefined, ...frames: TextFrame[]) => {
    const collector = new PollCollector(from);
    collector.take(frames);
    return collector;
  };

  it.each([
    ["nothing yet", undefined, [], false],
    ["no cursor, nothing new", undefined, [joined(7, false)], false],
    ["no cursor, something new", undefined, [joined(7, false), message(8)], true],
    ["nothing missed", { epoch: "e", seq: 7 }, [joined(7, true)], false],
    ["part of what was missed", { epoch: "e", seq: 5 }, [joined(7, true), message(6)], false],
    ["all of it", { epoch: "e", seq: 5 }, [joined(7, true), message(6), message(7)], true],
    ["a cursor that is void", { epoch: "e", seq: 5 }, [joined(7, false)], true],
    ["thrown out", undefined, [joined(7, false), frame("error", { payload: refusal })], true],
  ])("with %s", (_, from, frames, isDone) => {
    expect(collect(from, ...frames).isDone).toBe(isDone);
  });

  it("tells events before it tells that it was thrown out", () => {
    const collector = collect(undefined, joined(7, false), message(8));
    collector.take([frame("error", { payload: refusal })]);
    expect(collector.refusal).toBeUndefined();
    expect(collector.page).toMatchObject({ seq: 8, events: [message(8).json] });
    expect(collect(undefined, frame("error", { payload: refusal })).refusal).toEqual(refusal);
  });

  it("does not count what no longer fits", () => {
    const long = (seq: number) => frame("new_message", { seq, payload: "x".repeat(600_000) });
    const from = { epoch: "e", seq: 5 };
    const collector = collect(from, joined(8, true), long(6), long(7), long(8));
    expect(collector.isDone).toBe(true);
    expect(collector.page).toMatchObject({ seq: 7, recovered: true });
    expect(collector.page?.events).toHaveLength(2);
  });
});
