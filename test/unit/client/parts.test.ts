import { describe, expect, it, vi } from "vitest";
import { Address } from "../../../src/client/address.ts";
import { backoffMs, restartMs } from "../../../src/client/backoff.ts";
import { Emitter } from "../../../src/client/emitter.ts";
import { platform } from "../../../src/client/environment.ts";
import { RealtimeError } from "../../../src/client/error.ts";
import { Heartbeat } from "../../../src/client/heartbeat.ts";
import { messagesUrl } from "../../../src/client/http-url.ts";
import { Pacer } from "../../../src/client/pacer.ts";
import { claimedPermissions, expiryMs } from "../../../src/client/token-claims.ts";
import { Uplink } from "../../../src/client/uplink.ts";
import { uuid, uuidFrom } from "../../../src/client/uuid.ts";
import { ManualClock } from "./support/manual-clock.ts";
import { jwt, scene } from "./support/scene.ts";

describe("backoff", () => {
  it("doubles from one second to thirty", () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 10].map((attempt) => backoffMs(attempt, 1));
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it("takes off up to half at random, so that a crowd does not come back as one", () => {
    expect(backoffMs(3, 0)).toBe(2_000);
    expect(backoffMs(3, 0.5)).toBe(3_000);
    expect(backoffMs(400, 0)).toBe(15_000);
  });

  it("spreads a restart over one second", () => {
    expect([restartMs(0), restartMs(0.25)]).toEqual([0, 250]);
  });
});

describe("emitter", () => {
  function emitter() {
    const reported: unknown[] = [];
    return { reported, events: new Emitter<{ said: [text: string] }>((e) => reported.push(e)) };
  }

  it("calls listeners in the order they were added", () => {
    const { events } = emitter();
    const heard: string[] = [];
    events.on("said", (text) => heard.push(`first ${text}`));
    events.on("said", (text) => heard.push(`second ${text}`));
    events.emit("said", "hello");
    expect(heard).toEqual(["first hello", "second hello"]);
  });

  it("reports a listener that throws, and calls the rest", () => {
    const { events, reported } = emitter();
    const heard: string[] = [];
    events.on("said", () => {
      throw new Error("mine");
    });
    events.on("said", (text) => heard.push(text));
    events.emit("said", "hello");
    expect(heard).toEqual(["hello"]);
    expect(reported).toEqual([new Error("mine")]);
  });

  it("reports an async listener that rejects, instead of ending the process", async () => {
    const { events, reported } = emitter();
    events.on("said", async () => {
      throw new Error("later");
    });
    events.emit("said", "hello");
    await Promise.resolve();
    expect(reported).toEqual([new Error("later")]);
  });

  it("takes off the one subscription it was asked to, though the listener is there twice", () => {
    const { events } = emitter();
    const heard: string[] = [];
    const listener = (text: string) => heard.push(text);
    const off = events.on("said", listener);
    events.on("said", listener);
    off();
    off();
    events.emit("said", "hello");
    expect(heard).toEqual(["hello"]);
  });

  it("lets a listener take itself off while it is called", () => {
    const { events } = emitter();
    const heard: string[] = [];
    const off = events.on("said", () => off());
    events.on("said", (text) => heard.push(text));
    events.emit("said", "hello");
    expect(heard).toEqual(["hello"]);
  });
});

describe("address", () => {
  it.each([
    ["https://edge.example", "wss://edge.example/v1/rooms/a/ws?echo=true"],
    ["http://edge.example:8787/", "ws://edge.example:8787/v1/rooms/a/ws?echo=true"],
    ["wss://edge.example/chat/", "wss://edge.example/chat/v1/rooms/a/ws?echo=true"],
    ["ws://127.0.0.1", "ws://127.0.0.1/v1/rooms/a/ws?echo=true"],
  ])("takes %s", (url, expected) => {
    expect(new Address(url).socket("a", undefined, {})).toBe(expected);
  });

  it("speaks HTTP for history, whatever scheme it was given", () => {
    const address = new Address("wss://edge.example");
    const url = messagesUrl(address, "a:b", { before: 9, limit: 2 });
    expect(url).toBe("https://edge.example/v1/rooms/a%3Ab/messages?before=9&limit=2");
  });

  it("sends since and epoch only when they are known", () => {
    const address = new Address("https://edge.example");
    expect(address.socket("a", undefined, { history: 0 })).toMatch(/\?history=0&echo=true$/);
    expect(address.socket("a", { seq: 7, epoch: "e 1" }, { history: 0 })).toMatch(
      /\?history=0&since=7&epoch=e%201&echo=true$/,
    );
  });

  it.each(["", "edge.example", "/v1", "ftp://edge.example"])("refuses %j", (url) => {
    expect(() => new Address(url)).toThrow(RealtimeError);
  });
});

describe("heartbeat", () => {
  it("does not put the next ping off when the clock was set back", async () => {
    const clock = new ManualClock();
    let setBackMs = 0;
    const environment = { ...platform, after: clock.after, now: () => clock.now() - setBackMs };
    let pings = 0;
    const ping = () => {
      pings += 1;
    };
    const heartbeat = new Heartbeat({
      environment,
      intervalMs: 30_000,
      link: { traits: { name: "websocket", window: 1, silenceMs: 10_000 }, ping, probe: ping },
      dead: () => {},
    });
    await clock.advance(30_000);
    setBackMs = 3_600_000;
    heartbeat.heard();
    await clock.advance(30_000);
    expect(pings).toBe(2);
  });
});

describe("the way out", () => {
  it("tells who says what may be lost that the line is too busy for it", () => {
    const pacer = new Pacer(platform.now);
    pacer.fill({ frameBytes: 65_536, contentChars: 4_000, framesPerSecond: 20 });
    const answers = (["sent", "busy"] as const).map((sending) => {
      const uplink = new Uplink(platform, pacer, () => sending);
      uplink.open(65_536);
      return uplink.say({ type: "typing_start" });
    });
    expect(answers).toEqual([true, false]);
  });
});

describe("pacer", () => {
  function bucket(framesPerSecond: number) {
    const clock = new ManualClock();
    const pacer = new Pacer(clock.now);
    pacer.fill({ frameBytes: 65_536, contentChars: 4_000, framesPerSecond });
    const takeAll = () => {
      let taken = 0;
      while (pacer.take(10)) taken += 1;
      return taken;
    };
    return { clock, pacer, takeAll };
  }

  it("allows a burst of 40, then less than the server's rate", async () => {
    const { clock, takeAll } = bucket(20);
    expect(takeAll()).toBe(40);
    await clock.advance(1_000);
    expect(takeAll()).toBe(19);
  });

  it("keeps the burst within two seconds' worth of a stricter server", () => {
    expect(bucket(5).takeAll()).toBe(10);
  });

  it("says how long to wait, and is right", async () => {
    const { clock, pacer, takeAll } = bucket(20);
    takeAll();
    expect(pacer.take(10)).toBe(false);
    await clock.advance(pacer.waitMs(10));
    expect(pacer.waitMs(10)).toBe(0);
    expect(pacer.take(10)).toBe(true);
  });

  it("starts from empty after a refusal", () => {
    const { pacer } = bucket(20);
    pacer.empty();
    expect(pacer.take(10)).toBe(false);
  });

  it("lets a few frames pass below empty", () => {
    const { pacer, takeAll } = bucket(20);
    takeAll();
    expect([1, 2, 3].map(() => pacer.take(10, 2))).toEqual([true, true, false]);
  });
});

describe("token expiry", () => {
  it("is read from the JWT's payload, also when its text is not ASCII", () => {
    expect(expiryMs(jwt(1_700_000_000_000, "Zoë 響き ✓"))).toBe(1_700_000_000_000);
  });

  it.each(["", "opaque", "a.b.c", "a.e30.c", `a.${btoa('{"exp":"soon"}')}.c`, `a.${btoa("[]")}.c`])(
    "is unknown of %j",
    (token) => {
      expect(expiryMs(token)).toBeUndefined();
    },
  );
});

describe("claimed permissions", () => {
  const claiming = (claims: unknown) => `a.${btoa(JSON.stringify(claims))}.c`;

  it("are those of the grant that matches the room best", () => {
    const token = claiming({
      sub: "ann",
      rooms: { "*": ["read"], "team-*": ["read", "write"], "team-a": ["read", "moderate"] },
    });
    expect(claimedPermissions(token, "lobby")).toEqual(["read"]);
    expect(claimedPermissions(token, "team-b")).toEqual(["read", "write"]);
    expect(claimedPermissions(token, "team-a")).toEqual(["read", "moderate"]);
    expect(claimedPermissions(token, "user:ann")).toEqual(["read"]);
  });

  it.each([
    "opaque",
    claiming({}),
    claiming({ rooms: null }),
    claiming({ rooms: { "*": "moderate" } }),
    claiming({ rooms: { "*": ["rule", 7] } }),
  ])("are none in %j", (token) => {
    expect(claimedPermissions(token, "lobby")).toEqual([]);
  });

  it("are a room's, by the newest token", async () => {
    const tokens = [claiming({ rooms: { "*": ["moderate"] } }), claiming({ rooms: {} })];
    const { clock, network, room } = await scene({ token: () => tokens.shift() ?? "" });
    expect(room.permissions).toEqual(["moderate"]);
    network.socket.close(4401);
    await clock.advance(0);
    expect(room.permissions).toEqual([]);
  });
});

describe("uuid", () => {
  const V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  it("is of version 4 where the platform makes it, and where it does not", () => {
    expect(uuid()).toMatch(V4);
    expect(uuidFrom(new Uint8Array(16))).toMatch(V4);
    expect(uuidFrom(new Uint8Array(16).fill(255))).toMatch(V4);
  });
});

describe("the platform's environment", () => {
  it("works outside browsers: no page to watch, never sure to be offline", () => {
    expect(platform.isOnline()).toBe(true);
    expect(platform.onWake(() => {})()).toBeUndefined();
  });

  it("hears of the network in a worker, where there is no page", () => {
    const worker = new EventTarget();
    vi.stubGlobal("addEventListener", worker.addEventListener.bind(worker));
    vi.stubGlobal("removeEventListener", worker.removeEventListener.bind(worker));
    const causes: string[] = [];
    const off = platform.onWake((cause) => causes.push(cause));
    worker.dispatchEvent(new Event("online"));
    off();
    worker.dispatchEvent(new Event("online"));
    vi.unstubAllGlobals();
    expect(causes).toEqual(["online"]);
  });

  it("schedules and takes back", async () => {
    const ran: string[] = [];
    platform.after(0, () => ran.push("cancelled"))();
    await new Promise<void>((resolve) => platform.after(0, resolve));
    expect(ran).toEqual([]);
  });
});
