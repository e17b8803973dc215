import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { refusal } from "../../../src/protocol/error.ts";
import type { Echo, EchoObject } from "./echo.ts";

type Stub = DurableObjectStub<EchoObject>;

// The clock stands still unless a test moves it, so that alarms go off when a test says so.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const object = (): Stub => env.ECHO.getByName(crypto.randomUUID());

/** Someone at the other end of a host's socket. */
class Visitor {
  readonly frames: (string | ArrayBuffer)[] = [];
  close: { readonly code: number; readonly reason: string } | undefined;
  readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => void this.frames.push(data));
    socket.addEventListener("close", ({ code, reason }) => {
      this.close = { code, reason };
    });
    socket.accept();
  }

  static async enter(stub: Stub, name: string): Promise<Visitor> {
    const { webSocket } = await knock(stub, name);
    if (webSocket === null) throw new Error("No socket.");
    return new Visitor(webSocket);
  }

  /** Says something and waits for as many frames as it has been sent then. */
  async say(frame: string | ArrayBuffer, frames = this.frames.length + 1): Promise<void> {
    this.socket.send(frame);
    await vi.waitFor(() => expect(this.frames).toHaveLength(frames));
  }

  async untilClosed(): Promise<Visitor["close"]> {
    await vi.waitFor(() => expect(this.close).toBeDefined(), 5_000);
    return this.close;
  }
}

function knock(stub: Stub, name: string): Promise<Response> {
  return stub.fetch(`https://echo/${name}`, { headers: { Upgrade: "websocket" } });
}

function inside<T>(stub: Stub, look: (echo: Echo, state: DurableObjectState) => T): Promise<T> {
  return runInDurableObject(stub, ({ echo }: EchoObject, state) => look(echo, state));
}

const deedsOf = (stub: Stub) => inside(stub, ({ deeds }) => [...deeds]);
const alarmOf = (stub: Stub) => inside(stub, (_, { storage }) => storage.getAlarm());

describe("a host of sockets", () => {
  it("lets in whom its guest admits, with the subprotocol that the guest takes", async () => {
    const stub = object();
    const ada = await knock(stub, "ada");
    expect([ada.status, ada.headers.get("Sec-WebSocket-Protocol")]).toEqual([101, "echo.v1"]);
    expect((await knock(stub, "ben")).headers.get("Sec-WebSocket-Protocol")).toBeNull();
    const eve = await knock(stub, "eve");
    expect([eve.status, await eve.json()]).toMatchObject([403, { code: "banned" }]);
    expect(await inside(stub, (_, state) => state.getWebSockets().length)).toBe(2);
  });

  it("brings frames as they are, text as text and bytes as bytes", async () => {
    const ada = await Visitor.enter(object(), "ada");
    await ada.say("text");
    await ada.say(new Uint8Array([0, 255, 7]).buffer);
    expect(ada.frames).toEqual(["text", new Uint8Array([0, 255, 7]).buffer]);
  });

  it("answers heartbeats without a turn", async () => {
    const stub = object();
    const ada = await Visitor.enter(stub, "ada");
    await ada.say("?");
    expect(ada.frames).toEqual(["!"]);
    expect(await deedsOf(stub)).toEqual(["inherit nothing", "enter ada"]);
  });

  it("closes whose entering failed, and has its guest forget it", async () => {
    const stub = object();
    await expect(knock(stub, "trouble")).rejects.toThrow("No place.");
    expect(await deedsOf(stub)).toEqual([
      "inherit nothing",
      "enter trouble",
      "leave trouble 1011 false",
    ]);
    const sockets = await inside(stub, (_, state) => state.getWebSockets());
    expect(sockets.filter((socket) => socket.deserializeAttachment() !== null)).toEqual([]);
  });

  it("tells of each end once, whoever ends it", async () => {
    const stub = object();
    const ada = await Visitor.enter(stub, "ada");
    const ben = await Visitor.enter(stub, "ben");
    ada.socket.close(1000, "bye");
    ben.socket.send("!close 4000");
    expect(await ben.untilClosed()).toEqual({ code: 4000, reason: "as you wish" });
    expect((await ada.untilClosed())?.code).toBe(1000);
    ben.socket.close();
    await vi.waitFor(async () =>
      expect((await deedsOf(stub)).slice(3).sort()).toEqual(["ended", "leave ada 1000 true"]),
    );
  });
});

describe("after every turn", () => {
  it.each<[string, (stub: Stub, ada: Visitor) => unknown]>([
    ["a newcomer", (stub) => Visitor.enter(stub, "ben")],
    ["a refused newcomer", (stub) => knock(stub, "eve")],
    ["a frame", (_, ada) => ada.say("x")],
    ["a close", (_, ada) => ada.socket.close(1000)],
    [
      "a call",
      (stub) =>
        runInDurableObject(stub, ({ host }: EchoObject) => host.turns.longTurn(async () => 1)),
    ],
    [
      "work in the background",
      (stub) =>
        runInDurableObject(stub, ({ host }: EchoObject) =>
          host.turns.background(Promise.resolve()),
        ),
    ],
  ])("the alarm stands for what is due, and what happened is noted: %s", async (_, act) => {
    const stub = object();
    const ada = await Visitor.enter(stub, "ada");
    const dueAt = Date.now() + 80_000;
    const noted = await inside(stub, (echo) => {
      echo.wakeAt = dueAt + 60_000;
      echo.reports.dueAt = dueAt;
      return echo.reports.noted;
    });
    await act(stub, ada);
    await vi.waitFor(async () => expect(await alarmOf(stub)).toBe(dueAt));
    expect(await inside(stub, ({ reports }) => reports.noted)).toBeGreaterThan(noted);
  });

  it("that fails, what waits is sent all the same", async () => {
    const ada = await Visitor.enter(object(), "ada");
    await ada.say("!throw");
    expect(ada.frames).toEqual(["thrown"]);
  });

  it("that goes on outside, what came of it is sent", async () => {
    const ada = await Visitor.enter(object(), "ada");
    await ada.say("!later");
    expect(ada.frames).toEqual(["later"]);
  });

  it("a flush that is sent in part goes on by itself, and another does not begin", async () => {
    const stub = object();
    const ada = await Visitor.enter(stub, "ada");
    for (const frame of ["1", "2", "3", "4", "5"]) ada.socket.send(frame);
    await vi.waitFor(() => expect(ada.frames).toEqual(["1", "2", "3", "4", "5"]));
    await ada.say("6");
    expect((await deedsOf(stub)).filter((deed) => deed === "flush").length).toBeLessThanOrEqual(6);
    expect(await inside(stub, ({ hasWork }) => hasWork)).toBe(false);
  });

  it("a guest that is over is ended, and nothing is left, not even an alarm", async () => {
    const stub = object();
    const ada = await Visitor.enter(stub, "ada");
    await inside(stub, (echo) => {
      echo.isOverWhenEmpty = true;
    });
    ada.socket.send("!wake 60000");
    await vi.waitFor(async () => expect(await alarmOf(stub)).toBeGreaterThan(0));
    ada.socket.close(1000);
    await vi.waitFor(async () => expect(await deedsOf(stub)).toContain("end"));
    expect(await alarmOf(stub)).toBeNull();
  });
});

describe("an object that slept", () => {
  it("has its connections again, with what their sockets kept", async () => {
    const stub = object();
    const ada = await Visitor.enter(stub, "ada");
    await Visitor.enter(stub, "ben");
    await ada.say("one");
    await evictDurableObject(stub);
    await ada.say("two");
    expect(ada.frames).toEqual(["one", "two"]);
    expect(await inside(stub, ({ names }) => names.toSorted())).toEqual(["ada", "ben"]);
    const kept = await runInDurableObject(stub, ({ host }: EchoObject) => host.sockets.kept());
    expect(kept.map(({ kept }) => kept).sort((a, b) => a.heard - b.heard)).toEqual([
      { name: "ben", heard: 0 },
      { name: "ada", heard: 2 },
    ]);
  });

  it("sends those back to their clients that cannot be read, or that its guest does not go on with", async () => {
    const stub = object();
    const [ada, ben, cyd] = await Promise.all(
      ["ada", "ben", "cyd"].map((name) => Visitor.enter(stub, name)),
    );
    await inside(stub, (_, state) => {
      for (const socket of state.getWebSockets()) {
        const kept = socket.deserializeAttachment();
        if (kept.name === "ada") socket.serializeAttachment({ ...kept, version: 7 });
        if (kept.name === "ben") socket.serializeAttachment({ ...kept, heard: 100 });
      }
    });
    await evictDurableObject(stub);
    expect(await inside(stub, ({ names }) => names)).toEqual(["cyd"]);
    expect((await ada?.untilClosed())?.code).toBe(1012);
    expect((await ben?.untilClosed())?.code).toBe(1012);
    await cyd?.say("still here");
  });

  it("is told who left by the very close that woke it", async () => {
    const stub = object();
    const ada = await Visitor.enter(stub, "ada");
    await evictDurableObject(stub);
    ada.socket.close(1000);
    await vi.waitFor(async () => {
      const deeds = await deedsOf(stub);
      expect(deeds.filter((deed) => deed.startsWith("leave"))).toEqual(["leave ada 1000 true"]);
    });
    await ada.untilClosed();
    await evictDurableObject(stub);
    expect(await inside(stub, ({ names }) => names)).toEqual([]);
  });

  it("wakes by the alarm of an earlier life, and says so to its guest", async () => {
    const stub = object();
    const ada = await Visitor.enter(stub, "ada");
    ada.socket.send("!wake 60000");
    await vi.waitFor(async () => expect(await alarmOf(stub)).toBeGreaterThan(0));
    await evictDurableObject(stub);
    vi.setSystemTime(Date.now() + 60_000);
    await runDurableObjectAlarm(stub);
    expect(await deedsOf(stub)).toEqual(["restore ada", "inherit a time", "wake true", "report"]);
    ada.socket.send("!wake 1000");
    await vi.waitFor(async () => expect(await alarmOf(stub)).toBeGreaterThan(0));
    vi.setSystemTime(Date.now() + 1_000);
    await runDurableObjectAlarm(stub);
    expect((await deedsOf(stub)).slice(-2)).toEqual(["wake false", "report"]);
  });
});

describe("a guest that is closed", () => {
  it("is left alone, and looked at again", async () => {
    const stub = object();
    const ada = await Visitor.enter(stub, "ada");
    await inside(stub, (echo) => {
      echo.closed = refusal("internal", "Not now.");
      echo.reports.noted = 0;
    });
    ada.socket.send("!wake 1000");
    await ada.say("?");
    expect(await alarmOf(stub)).toBeNull();
    await inside(stub, (_, { storage }) => storage.setAlarm(Date.now() + 5_000));
    await runDurableObjectAlarm(stub);
    expect(await alarmOf(stub)).toBe(Date.now() + 60_000);
    expect(await deedsOf(stub)).toEqual(["inherit nothing", "enter ada"]);
    expect(await inside(stub, ({ reports }) => reports.noted)).toBe(0);
  });
});
