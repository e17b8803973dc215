import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { readFrames } from "../../src/client/frame-reader.ts";
import { MSGPACK_CODEC } from "../../src/client/msgpack-codec.ts";
import { JSON_CODEC } from "../../src/client/wire-codec.ts";
import { EventReader } from "./support/event-reader.ts";
import { call } from "./support/http.ts";
import { Peer, type PeerOptions } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";

const name = (prefix: string) => `${prefix}-${crypto.randomUUID()}`;
const WIRES = ["json", "msgpack", "plain"] as const;

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

/** A frame as JSON text, with what only text can say in the place of `"?"`. */
function text(frame: object, inserted: string): string {
  return JSON.stringify(frame).replace('"?"', inserted);
}

/** A frame in MessagePack, with bytes in the place of `"?"`. */
function binary(frame: object, inserted: Uint8Array): Uint8Array {
  const whole = Buffer.from(encode(frame));
  const at = whole.indexOf(Buffer.from(encode("?")));
  return Buffer.concat([whole.subarray(0, at), inserted, whole.subarray(at + 2)]);
}

/** What no reader is to be shown: as JSON text, and as MessagePack where that can say it. */
const REFUSED: readonly (readonly [string, string, Uint8Array | undefined])[] = [
  ["17 levels", JSON.stringify(nested(17)), encode(nested(17))],
  ["90 levels", JSON.stringify(nested(90)), encode(nested(90))],
  ["2^53", "9007199254740992", encode(2 ** 53)],
  ["a snowflake id", "653247040368672768", encode(653_247_040_368_672_768n, { useBigInt64: true })],
  ["-2^63", "-9223372036854775808", encode(-(2n ** 63n), { useBigInt64: true })],
  ["1e999", "1e999", encode(Number.POSITIVE_INFINITY)],
  ["a lone surrogate", '"\\ud800"', Uint8Array.from([0xa3, 0xed, 0xa0, 0x80])],
  ["__proto__", '{"__proto__":1}', Uint8Array.from([0x81, ...encode("__proto__"), 1])],
  ["binary", "", encode(new Uint8Array(3))],
  ["a date", "", encode(new Date(0))],
];

describe("what some reader could not read", () => {
  const frame = {
    type: "send_message",
    messageId: "m-1",
    payload: { content: "x", data: { a: "?" } },
  };
  const answer = { success: false, error: { code: "invalid_frame", retryable: false } };

  it.each(REFUSED)("is refused over every way, under its messageId: %s", async (_, json, bytes) => {
    const room = name("room");
    const ada = await Peer.connect(room, "ada");
    const ben = await Peer.connect(room, "ben", { wire: "msgpack" });
    const published = { ...frame, type: "publish", payload: { event: "e", data: "?" } };
    let answers = 0;
    for (const said of [frame, published]) {
      if (json !== "") {
        ada.socket.send(text(said, json));
        const path = said.type === "publish" ? "publish" : "messages";
        const response = await post(`/v1/rooms/${room}/${path}?as=eve`, text(said.payload, json));
        expect(response.status).toBe(400);
        expect(await response.json()).toMatchObject({ error: { code: "invalid_request" } });
      }
      if (bytes !== undefined) ben.socket.send(binary(said, bytes));
      answers += 1;
      if (json !== "") await ada.see("ack", answers);
      if (bytes !== undefined) await ben.see("ack", answers);
    }
    for (const { frames } of [ada, ben]) {
      const acks = frames.filter(({ type }) => type === "ack");
      for (const ack of acks) expect(ack).toMatchObject({ messageId: "m-1", payload: answer });
      expect(frames.filter(({ type }) => type === "error")).toEqual([]);
    }
  });

  it.each(REFUSED.filter(([, json]) => json !== ""))(
    "is refused in a notification too: %s",
    async (_, json) => {
      const body = text({ type: "order", title: "x", data: "?" }, json);
      const response = await post(`/v1/users/${name("ada")}/notifications`, body);
      expect(response.status).toBe(400);
    },
  );

  it("says what to do about an id that is too long for a number", async () => {
    const response = await post(
      `/v1/rooms/${name("room")}/messages?as=ada`,
      '{"data":9007199254740993}',
    );
    const { error } = await response.json<{ error: { message: string } }>();
    expect(error.message).toMatch(/body\.data .*send it as text/);
  });
});

describe("text that nobody could see, or hold as a key", () => {
  it.each(["__proto__", "\u200b", " ", ""])("names no event and no emoji: %j", async (key) => {
    const room = name("topic:load");
    const response = await call("POST", `/v1/rooms/${room}/publish`, {
      body: { event: key, data: 1 },
    });
    expect(response.status).toBe(400);
    const chat = await Peer.connect(name("room"), "ada");
    await chat.say("x");
    expect(await chat.ask("react", { seq: 1, emoji: key })).toMatchObject({
      error: { code: "invalid_frame" },
    });
    expect(await chat.say(key)).toMatchObject(
      key === "__proto__" ? { success: true } : { error: { code: "invalid_frame" } },
    );
  });

  it.each(["\u202eadA", "a\nb", "a\u0000", "\u200b", " "])(
    "is no name of a guest or of a token: %j",
    async (as) => {
      const guest = await call("POST", "/v1/guests", { auth: "", body: { name: as } });
      const token = await call("POST", "/v1/tokens", { body: { sub: "ada", name: as } });
      expect([guest.status, token.status]).toEqual([400, 400]);
    },
  );

  it.each([".", "..", " ", "__proto__"])("is no user id: %j", async (sub) => {
    expect((await call("POST", "/v1/tokens", { body: { sub } })).status).toBe(400);
    const named = `/v1/rooms/${name("room")}/messages?as=${encodeURIComponent(sub)}`;
    expect((await call("POST", named, { body: { content: "x" } })).status).toBe(400);
    const token = await tokenFor(sub);
    const peer = await Peer.connect(name("room"), sub, { token });
    expect((await peer.untilClosed()).code).toBe(4401);
  });

  it("is kept out of a name that somebody else's server put into a token", async () => {
    const token = await tokenFor("ada", { name: "\u202eJose\u0301\n" });
    const peer = await Peer.connect(name("room"), "ada", { token });
    expect(peer.joined.users).toEqual([{ userId: "ada", name: "Jos\u00e9" }]);
  });
});

describe("the worst that is let in", () => {
  const data = {
    deep: nested(15),
    numbers: [1e21, -1e300, 5e-324, 2 ** 53 - 1, -(2 ** 53 - 1)],
    constructor: { toString: [] },
    "": { " ": "\u0000\r\ndata: x\u2028" },
  };
  const odd = "o\u0000dd\r\n'\"\\ 👩‍👧";

  it.each(WIRES)(
    "is read by all: %s, a stream, a poll, history, and whoever comes later",
    async (wire) => {
      const room = name("room");
      const token = await tokenFor(odd, { name: undefined });
      const eve = await Peer.connect(room, odd, { token, wire });
      const reader = await EventReader.open(room, "reader");
      const told = { messageId: `m\u0000${wire}`, content: odd, mentions: [odd], data };
      const { messageId, ...payload } = told;
      expect(await eve.ask("send_message", payload, messageId)).toMatchObject({ success: true });
      await eve.ask("send_message", { data: { vote: 1 } }, "alone");
      await eve.ask("react", { seq: 1, emoji: "constructor" });
      const message = { ...told, seq: 1, userId: odd, userName: "odd'\"\\ 👩‍👧" };
      await reader.see("message_reacted");
      expect(reader.frames.find(({ type }) => type === "new_message")?.payload).toMatchObject(
        message,
      );
      await evictDurableObject(env.ROOM.getByName(room));
      for (const other of WIRES) {
        const later = await readBySdk(room, { wire: other });
        expect(later.joined.history).toMatchObject([
          { ...message, reactions: { constructor: [odd] } },
          { content: "", data: { vote: 1 } },
        ]);
        const resumed = await readBySdk(room, {
          wire: other,
          query: `?since=0&epoch=${eve.joined.epoch}`,
        });
        await resumed.see("message_reacted");
      }
      const page = await call("GET", `/v1/rooms/${room}/messages`);
      expect(await page.json()).toMatchObject({ messages: [message, { content: "" }] });
      const poll = await call("GET", `/v1/rooms/${room}/poll?since=0&epoch=${eve.joined.epoch}`);
      expect(await poll.json()).toMatchObject({ events: [{ payload: message }, {}, {}] });
    },
  );

  it("is kept as a topic's last value, over a sleep, and handed to all", async () => {
    const room = name("topic:odd");
    const live = await Peer.connect(room, "live", { wire: "msgpack" });
    for (const event of ["constructor", "a\u0000b", "a\u0000c", odd]) {
      const body = { event, data };
      expect((await call("POST", `/v1/rooms/${room}/publish`, { body })).status).toBe(202);
    }
    await live.see("event", 4);
    await evictDurableObject(env.ROOM.getByName(room));
    for (const wire of WIRES) {
      const { joined } = await readBySdk(room, { wire });
      expect(Object.keys(joined.last).sort()).toEqual(
        ["a\u0000b", "a\u0000c", "constructor", odd].sort(),
      );
      expect(joined.last["a\u0000b"].data).toEqual(data);
    }
  });
});

it("lets everybody back into a topic that an earlier release had closed to them for good", async () => {
  const room = name("topic:bricked");
  await call("POST", `/v1/rooms/${room}/publish`, { body: { event: "load", data: 1 } });
  const stub = env.ROOM.getByName(room);
  await runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec(
      "INSERT INTO last_values SELECT '__proto__', data, timestamp FROM last_values",
    );
  });
  await evictDurableObject(stub);
  for (const wire of WIRES) {
    const { joined } = await readBySdk(room, { wire });
    expect(Object.keys(joined.last)).toEqual(["load"]);
  }
});

/** Somebody new, whose every message the SDK's own reader could read. */
async function readBySdk(room: string, options: PeerOptions): Promise<Peer> {
  const peer = await Peer.connect(room, "reader", options);
  await peer.settle();
  const frames = peer.raw.flatMap((data) =>
    readFrames(options.wire === "msgpack" ? MSGPACK_CODEC : JSON_CODEC, data),
  );
  expect(frames.filter(({ type }) => type === "malformed" || type === "unknown")).toEqual([]);
  return peer;
}

function post(path: string, body: string): Promise<Response> {
  return call("POST", path, { raw: body });
}
