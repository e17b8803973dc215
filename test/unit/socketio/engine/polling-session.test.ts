import { beforeEach, describe, expect, it } from "vitest";
import {
  BAD_REQUEST,
  type EngineAnswer,
  PollingSession,
  UNKNOWN_SID,
} from "../../../../src/socketio/engine/polling-session.ts";

class Clock {
  #now = 0;
  #timers: { at: number; act: () => void }[] = [];

  readonly after = (ms: number, act: () => void) => {
    const timer = { at: this.#now + ms, act };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  };

  advance(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers.filter(({ at }) => at <= this.#now)) {
      if (!this.#timers.includes(timer)) continue;
      this.#timers = this.#timers.filter((one) => one !== timer);
      timer.act();
    }
  }
}

let clock: Clock;
let session: PollingSession;
let heard: (string | Uint8Array)[];
let ends: string[];
let grown: number[];

beforeEach(() => {
  clock = new Clock();
  heard = [];
  ends = [];
  grown = [];
  session = new PollingSession(
    "0.sid",
    {},
    { pingIntervalMs: 300, pingTimeoutMs: 200 },
    clock.after,
  );
  session.begin({
    message: (data) => heard.push(data),
    closed: () => ends.push("closed"),
    over: () => ends.push("over"),
    grown: () => grown.push(session.queuedChars),
  });
});

const ok = (body: string): EngineAnswer => ({ status: 200, body });

describe("polling", () => {
  it("answers with all that was said in a turn, and with what waited", async () => {
    const poll = session.poll();
    session.send("a");
    session.send("b");
    expect(await poll).toEqual(ok("4a\x1e4b"));
    session.send("c");
    expect(await session.poll()).toEqual(ok("4c"));
  });

  it("hears text and binary, in order", () => {
    expect(session.post("4hello\x1ebAQIDBA==\x1e4")).toEqual(ok("ok"));
    expect(heard).toEqual(["hello", Uint8Array.of(1, 2, 3, 4), ""]);
  });

  it.each(["abc", "", "4a\x1e", "b*", "0{}", "5", "2"])("ends at %j", async (body) => {
    const poll = session.poll();
    expect(session.post(body)).toEqual(BAD_REQUEST);
    expect(await poll).toEqual(ok("1"));
    expect(session.poll()).toEqual(UNKNOWN_SID);
    expect(ends).toEqual(["closed", "over"]);
  });

  it("ends at a second poll at once, and when a poll is given up, but not at an old one's end", async () => {
    const poll = session.poll();
    expect(session.poll()).toEqual(BAD_REQUEST);
    expect(await poll).toEqual(ok("1"));
    expect(session.post("4a")).toEqual(UNKNOWN_SID);
  });

  it("ends when its poll is given up, and not by one that was answered", async () => {
    const first = session.poll();
    session.send("a");
    await first;
    const second = session.poll();
    session.givenUp(first);
    expect(ends).toEqual([]);
    session.givenUp(second);
    expect(ends).toEqual(["closed", "over"]);
  });

  it("is ended by its client, whose poll is let go", async () => {
    const poll = session.poll();
    expect(session.post("1\x1e4late")).toEqual(ok("ok"));
    expect(await poll).toEqual(ok("6"));
    expect(heard).toEqual([]);
    expect(session.poll()).toEqual(UNKNOWN_SID);
  });

  it("tells its last words to whoever is sent away, with a poll or without", async () => {
    session.send("bye");
    session.close();
    expect(ends).toEqual(["closed"]);
    expect(session.post("4a")).toEqual(UNKNOWN_SID);
    expect(await session.poll()).toEqual(ok("4bye\x1e1"));
    expect(ends).toEqual(["closed", "over"]);
    expect(session.poll()).toEqual(UNKNOWN_SID);
  });

  it("lets go of a client that never asks for its last words", () => {
    session.close();
    clock.advance(30_000);
    expect(ends).toEqual(["closed", "over"]);
  });

  it("bounds what waits for a client that does not ask", () => {
    for (let n = 0; n < 5; n++) session.send("x".repeat(1024 * 1024));
    expect(ends).toEqual(["closed", "over"]);
  });

  it("bounds a body", async () => {
    for (let n = 0; n < 3; n++) session.send("x".repeat(600_000));
    expect((await session.poll()).body).toHaveLength(600_001);
    expect((await session.poll()).body).toHaveLength(600_001);
  });

  it("knows what was read: what came before a further poll", async () => {
    const read: string[] = [];
    session.send("a");
    session.whenRead(() => read.push("a"));
    expect(await session.poll()).toEqual(ok("4a"));
    expect(read).toEqual([]);
    session.poll();
    expect(read).toEqual(["a"]);
  });
});

describe("the heartbeat", () => {
  it("goes on while the client answers, and ends when it does not", async () => {
    for (let n = 0; n < 3; n++) {
      const poll = session.poll();
      clock.advance(300);
      expect(await poll).toEqual(ok("2"));
      session.post("3");
    }
    clock.advance(300);
    clock.advance(200);
    expect(session.poll()).toEqual(UNKNOWN_SID);
    expect(ends).toEqual(["closed", "over"]);
  });
});

describe("a change to a WebSocket", () => {
  it("ends polls, which still carry what there is, for ten seconds", async () => {
    session = new PollingSession(
      "0.sid",
      {},
      { pingIntervalMs: 60_000, pingTimeoutMs: 200 },
      clock.after,
    );
    session.begin({ message: () => {}, closed: () => {} });
    const poll = session.poll();
    expect(session.probe()).toBe(true);
    session.send("a");
    expect(await poll).toEqual(ok("4a"));
    const second = session.poll();
    clock.advance(100);
    expect(await second).toEqual(ok("6"));
    clock.advance(10_000);
    const third = session.poll();
    clock.advance(100);
    session.send("b");
    expect(await third).toEqual(ok("4b"));
  });

  it("ends the poll that waits at once, and those of a client that polls again later", async () => {
    const first = session.poll();
    session.probe();
    clock.advance(5);
    expect(await first).toEqual(ok("6"));
    const answers: unknown[] = [];
    void Promise.resolve(session.poll()).then((answer) => answers.push(answer));
    clock.advance(90);
    await Promise.resolve();
    expect(answers).toEqual([]);
    clock.advance(10);
    await Promise.resolve();
    expect(answers).toEqual([ok("6")]);
  });

  it("hands on what was not told, once, and polls are over", async () => {
    session.probe();
    const poll = session.poll();
    session.send("a");
    expect(session.change()).toEqual(["4a"]);
    expect(await poll).toEqual(UNKNOWN_SID);
    expect(session.change()).toBeUndefined();
    expect(session.probe()).toBe(false);
    expect(session.poll()).toEqual(UNKNOWN_SID);
    // Whoever goes on with it ends it.
    expect(ends).toEqual([]);
  });
});

describe("what waits for a client that does not poll", () => {
  const kilobyte = "x".repeat(1_024);

  it("is told of now and then, and again when it was read and grows anew", async () => {
    for (let at = 0; at < 40; at++) session.send(kilobyte);
    expect(grown.length).toBe(2);
    expect(session.queuedChars).toBe(40 * 1_025);
    await session.poll();
    expect(session.queuedChars).toBe(0);
    for (let at = 0; at < 20; at++) session.send(kilobyte);
    expect(grown.length).toBe(3);
  });

  it("is let go of with it", async () => {
    session.send(kilobyte);
    session.giveUp();
    expect(session.queuedChars).toBe(0);
    expect(ends).toEqual(["closed", "over"]);
    expect(await session.poll()).toEqual(UNKNOWN_SID);
  });
});
