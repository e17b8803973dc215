import { decode, encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { readAdmission, writeAdmission } from "../../../src/protocol/admission.ts";
import { Bundle } from "../../../src/protocol/bundle.ts";
import { frameParser } from "../../../src/protocol/client-frame-schema.ts";
import { reconnectAfter } from "../../../src/protocol/close-code.ts";
import { decodeFrame } from "../../../src/protocol/codec.ts";
import { EncodedFrame } from "../../../src/protocol/encoded-frame.ts";
import { type Grants, permissionsIn } from "../../../src/protocol/grant.ts";
import { isJson } from "../../../src/protocol/json.ts";
import { BOUNDS } from "../../../src/protocol/limits.ts";
import { parseRoomName } from "../../../src/protocol/room-name.ts";
import { readSettings } from "../../../src/protocol/settings.ts";
import { parseOffer } from "../../../src/protocol/subprotocol.ts";

describe("room names", () => {
  it.each([
    ["general", "chat"],
    ["user:ada", "inbox"],
    ["topic:cpu", "topic"],
    ["document:x", "document"],
    ["game:1", "game"],
    ["team:user:1", "chat"],
    [":user", "chat"],
    ["__proto__:x", "chat"],
  ])("%s is a %s", (name, kind) => {
    expect(parseRoomName(name).kind).toBe(kind);
  });

  it.each(["", "a/b", "a b", "é", "x".repeat(129)])("refuses %j", (name) => {
    expect(() => parseRoomName(name)).toThrow("room name");
  });
});

describe("grants", () => {
  const may = (room: string, grants: Grants) =>
    permissionsIn(parseRoomName(room), { userId: "ada", name: "Ada", grants, expiresAt: 0 });

  it("lets the most specific entry count: the name, the longest prefix, then *", () => {
    const grants: Grants = {
      "*": ["read"],
      "team-*": ["read", "write"],
      "team-a*": [],
      "team-ab": ["moderate"],
    };
    expect(may("lobby", grants)).toEqual(["read"]);
    expect(may("team-x", grants)).toEqual(["read", "write"]);
    expect(may("team-ax", grants)).toEqual([]);
    expect(may("team-ab", grants)).toEqual(["moderate"]);
  });

  it("opens one's own inbox to oneself, and nobody's to *", () => {
    expect(may("user:ada", {})).toEqual(["read"]);
    expect(may("user:ben", { "*": ["read"] })).toEqual([]);
    expect(may("user:ben", { "user:*": ["read"] })).toEqual(["read"]);
  });
});

describe("what a frame may hold", () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

  it.each([
    new Date(),
    new Uint8Array(1),
    1n,
    undefined,
    Number.NaN,
    "\ud800",
    JSON.parse('{"__proto__":1}'),
    { a: () => 1 },
    nested(33),
  ])("is not %s", (value) => {
    expect(isJson(value)).toBe(false);
  });

  it("is plain JSON down to the bound", () => {
    expect(isJson(nested(BOUNDS.jsonDepth))).toBe(true);
    expect(isJson({ a: [null, true, "響", 1.5] })).toBe(true);
  });

  it("is text on one wire and binary on the other", () => {
    expect(decodeFrame("msgpack", encode({ type: "ping" }))).toEqual({ type: "ping" });
    expect(() => decodeFrame("msgpack", "{}")).toThrow("MessagePack");
    expect(() => decodeFrame("json", encode({}))).toThrow("JSON");
  });
});

it("grants nothing by a pattern that is empty", () => {
  const identity = { userId: "ada", name: "Ada", expiresAt: 0, grants: { "": ["read"] } } as const;
  expect(permissionsIn(parseRoomName("general"), identity)).toEqual([]);
  expect(permissionsIn(parseRoomName("user:ben"), identity)).toEqual([]);
});

it("names an inbox after any user id, and nothing else so freely", () => {
  expect(parseRoomName("user:auth0|5f 7c")).toEqual({ name: "user:auth0|5f 7c", kind: "inbox" });
  for (const name of ["user:", "user:__proto__", `user:${"x".repeat(129)}`, "topic:a b"]) {
    expect(() => parseRoomName(name), name).toThrow("room name");
  }
});

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

  it("takes what is just within the bounds", () => {
    expect(send({ content: "x".repeat(4_000), data: "d".repeat(4_094) }).ok).toBe(true);
  });

  it.each([null, [], "x", {}, { type: "constructor" }, { type: 1 }])("refuses %o", (value) => {
    expect(parse(value as never).ok).toBe(false);
  });
});

describe("a bundle", () => {
  const frame = (i: number, size = 0) =>
    EncodedFrame.of({
      type: "event",
      timestamp: "t",
      payload: { event: "e", data: `${i}${"x".repeat(size)}`, userId: "u" },
    });
  const bundle = new Bundle([frame(1), frame(2)], "now");

  it("shares one batch, and appends what is a reader's own", () => {
    expect(bundle.messages("json")).toBe(bundle.messages("json"));
    const own = JSON.parse(String(bundle.messages("json", [frame(3)])[0]));
    expect(own).toMatchObject({ type: "batch", timestamp: "now" });
    expect(own.payload.map(({ payload }: { payload: { data: string } }) => payload.data)).toEqual([
      "1",
      "2",
      "3",
    ]);
  });

  it("says the same in MessagePack as in JSON", () => {
    const [packed] = bundle.messages("msgpack", [frame(3)]);
    expect(decode(packed as Uint8Array)).toEqual(
      JSON.parse(String(bundle.messages("json", [frame(3)])[0])),
    );
  });

  it("leaves a lone frame as it is, and never batches for a plain reader", () => {
    expect(new Bundle([frame(1)], "now").messages("json")).toEqual([frame(1).json]);
    expect(bundle.messages("plain", [frame(3)])).toEqual([
      frame(1).json,
      frame(2).json,
      frame(3).json,
    ]);
    expect(new Bundle([], "now").messages("json")).toEqual([]);
  });

  it("cuts a batch before it grows too long", () => {
    const long = Array.from({ length: 5 }, (_, i) => frame(i, 200_000));
    const sizes = new Bundle(long, "now").messages("json").map((message) => message.length);
    expect(sizes).toHaveLength(3);
    expect(Math.max(...sizes)).toBeLessThan(BOUNDS.batchChars + 100);
  });
});

describe("settings", () => {
  it("have defaults, and take what is empty for what is not set", () => {
    const read = readSettings({
      AUTH_SECRET: "s",
      API_KEY: "",
      ALLOWED_ORIGINS: "https://a.test/, https://b.test",
    });
    expect(read).toMatchObject({
      ok: true,
      settings: {
        auth: { secret: "s", guests: false },
        allowedOrigins: ["https://a.test", "https://b.test"],
        limits: { framesPerSecond: 20, heartbeatMs: 30_000, historyMaxDays: 0 },
      },
    });
  });

  it.each([
    [{}, "AUTH_SECRET"],
    [{ AUTH_SECRET: "s", GUESTS: "hush" }, "GUESTS"],
    [{ AUTH_SECRET: "s", LIMIT_FRAME_BYTES: "1e3hush" }, "LIMIT_FRAME_BYTES"],
    [{ AUTH_JWKS_URL: "ftp://hush" }, "AUTH_JWKS_URL"],
    [{ AUTH_SECRET: "s", ALLOWED_ORIGINS: " , " }, "ALLOWED_ORIGINS"],
    [{ AUTH_SECRET: "s", ALLOWED_ORIGINS: "https://HUSH.test/x" }, "ALLOWED_ORIGINS"],
  ])("name what is wrong in %o, not its value", (env, name) => {
    const read = readSettings(env);
    expect(read).toMatchObject({ ok: false, problem: expect.stringContaining(name) });
    expect(JSON.stringify(read)).not.toContain("hush");
  });
});

it("carries an admission through a header, whatever the name", () => {
  const admission = {
    session: {
      userId: "ü|1",
      name: "響\n",
      permissions: ["read" as const],
      expiresAt: 1,
      wire: "json" as const,
      transport: "websocket" as const,
      address: "::1",
    },
    cursor: { seq: 3, epoch: "e" },
    history: 50,
  };
  const header = writeAdmission(admission);
  expect(header).toMatch(/^[\x21-\x7e]+$/);
  expect(readAdmission(header)).toEqual(admission);
  expect(() => readAdmission(null)).toThrow();
});

it("reads wire and token off the subprotocols on offer", () => {
  expect(parseOffer("hibiki.v1.msgpack, bearer.a.b.c")).toEqual({
    wire: "msgpack",
    subprotocol: "hibiki.v1.msgpack",
    token: "a.b.c",
  });
  expect(parseOffer("graphql-ws")).toEqual({ wire: "plain" });
  expect(parseOffer(null)).toEqual({ wire: "plain" });
});

it("says after each close whether to come back", () => {
  const after = Object.fromEntries(
    [1000, 1006, 1009, 1012, 4400, 4401, 4403, 4408, 4429, 4503].map((code) => [
      code,
      reconnectAfter(code),
    ]),
  );
  expect(after).toEqual({
    1000: "never",
    1006: "backoff",
    1009: "backoff",
    1012: "at-once",
    4400: "never",
    4401: "with-token",
    4403: "never",
    4408: "backoff",
    4429: "backoff",
    4503: "backoff",
  });
});
