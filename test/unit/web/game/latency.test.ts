import { describe, expect, it } from "vitest";
import type { Socket, SocketEvents } from "../../../../src/client/environment.ts";
import { LongLine } from "../../../../src/web/game/latency/long-line.ts";

/** A line over a server that answers everything at once, on a clock that a test moves. */
function scene(latencyMs: number) {
  let now = 1_000;
  const timers: { at: number; run: () => void }[] = [];
  const clock = {
    now: () => now,
    after: (delayMs: number, run: () => void) => {
      // A browser's timers are early by a fraction of a millisecond.
      timers.push({ at: now + Math.floor(delayMs), run });
      return () => {};
    },
  };
  const heard: [at: number, what: unknown][] = [];
  const sent: [at: number, what: unknown][] = [];
  let served: SocketEvents | undefined;
  const server = (_url: string, _protocols: readonly string[], events: SocketEvents): Socket => {
    served = events;
    return {
      send: (data) => {
        sent.push([now - 1_000, data]);
        events.message(`answer to ${data}`);
      },
      close: (code) => events.close(code),
    };
  };
  const line = new LongLine({ openSocket: server }, clock);
  line.latencyMs = latencyMs;
  const hear = (what: unknown) => heard.push([now - 1_000, what]);
  const socket = line.openSocket("wss://edge.test", [], {
    open: () => hear("open"),
    message: hear,
    close: hear,
  });
  return {
    line,
    socket,
    heard,
    sent,
    opened: () => served?.open?.(),
    advance: (ms: number) => {
      const until = now + ms;
      for (;;) {
        timers.sort((a, b) => a.at - b.at);
        if ((timers[0]?.at ?? Number.POSITIVE_INFINITY) > until) break;
        const timer = timers.shift();
        now = Math.max(now, timer?.at ?? now);
        timer?.run();
      }
      now = until;
    },
  };
}

describe("a long line", () => {
  it("has every frame come half of the latency later, each way", () => {
    const { socket, sent, heard, opened, advance } = scene(100);
    opened();
    advance(49);
    expect(heard).toEqual([]);
    advance(1);
    socket.send("a");
    advance(30);
    socket.send("b");
    advance(200);
    socket.close(1000, "");
    advance(200);
    expect(sent).toEqual([
      [100, "a"],
      [130, "b"],
    ]);
    expect(heard).toEqual([
      [50, "open"],
      [150, "answer to a"],
      [180, "answer to b"],
      [380, 1000],
    ]);
  });

  it("adds nothing when there is nothing to add", () => {
    const { socket, heard, opened } = scene(0);
    opened();
    socket.send("a");
    expect(heard).toEqual([
      [0, "open"],
      [0, "answer to a"],
    ]);
  });

  it("keeps the order of what is sent when it becomes shorter, or vanishes", () => {
    const { line, socket, sent, advance } = scene(200);
    socket.send("a");
    advance(20);
    line.latencyMs = 40;
    socket.send("b");
    line.latencyMs = 0;
    socket.send("c");
    advance(1_000);
    expect(sent.map(([, what]) => what)).toEqual(["a", "b", "c"]);
    expect(sent.at(-1)?.[0]).toBe(100);
    socket.send("d");
    expect(sent.at(-1)).toEqual([1_020, "d"]);
  });

  it("keeps the order when fractions of a millisecond are between them", () => {
    const { socket, sent, advance } = scene(101);
    for (let i = 0; i < 40; i++) {
      socket.send(String(i));
      advance(0.3);
    }
    advance(1_000);
    expect(sent.map(([, what]) => Number(what))).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });
});

it("goes on when what one frame brings fails at its listener", () => {
  const { line, advance } = scene(100);
  const heard: unknown[] = [];
  const socket = line.openSocket("wss://edge.test", [], {
    message: (data) => {
      heard.push(data);
      if (heard.length === 1) throw new Error("on purpose");
    },
    close: () => {},
  });
  socket.send("a");
  socket.send("b");
  expect(() => advance(1_000)).toThrow("on purpose");
  advance(1_000);
  expect(heard).toEqual(["answer to a", "answer to b"]);
});
