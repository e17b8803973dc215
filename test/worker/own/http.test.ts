import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Actor, RoomApi } from "../../../src/objects/room-api.ts";
import { INNER_VERSION } from "../../../src/protocol/inner-version.ts";
import { EventReader } from "../support/event-reader.ts";
import { call } from "../support/http.ts";
import { Peer } from "../support/peer.ts";
import { tokenFor } from "../support/tokens.ts";

const room = () => `poll:${crypto.randomUUID()}`;
const soup = { option: "soup" };

/** Says an event over HTTP; answers the status and the body. */
async function say(name: string, type: string, options: Parameters<typeof call>[2]) {
  const response = await call("POST", `/v1/rooms/${name}/events/${type}`, options);
  return [response.status, await response.json()];
}

const refused = (code: string) => ({ error: expect.objectContaining({ code }) });

describe("POST /v1/rooms/:room/events/:type", () => {
  it("stores an event once a key, in the header or in the body, and tells everybody (P7.11)", async () => {
    const name = room();
    const ben = await Peer.connect(name, "ben");
    const auth = await tokenFor("ada");
    const inBody = { auth, body: { ...soup, messageId: "m-1" } };
    expect(await say(name, "vote", inBody)).toEqual([201, { savedId: 1 }]);
    const inHeader = { auth, body: soup, headers: { "Idempotency-Key": "m-1" } };
    expect(await say(name, "vote", inHeader)).toEqual([200, { savedId: 1, duplicate: true }]);
    const other = { auth, body: { option: "bread", messageId: "m-1" } };
    expect(await say(name, "vote", other)).toEqual([409, refused("conflict")]);
    await ben.see("vote");
    expect(ben.frames.find(({ type }) => type === "vote")).toMatchObject({
      seq: 1,
      userId: "ada",
      payload: soup,
    });
  });

  it.each([
    ["what the schema refuses", "vote", { option: 7 }, 400, "invalid_request"],
    ["a payload that is no object", "vote", [[]], 400, "invalid_request"],
    ["what a rule refuses, with its status", "vote", { option: "nothing" }, 422, "no_such_option"],
    ["what a rule stumbles over", "vote", { option: "crash" }, 500, "internal"],
    ["a signal", "hover", soup, 404, "not_found"],
    ["what is none of its events", "toString", soup, 404, "not_found"],
    ["what only the server side may say", "closed", { winner: "me" }, 403, "access_denied"],
  ] as const)("refuses %s, and stores nothing (P7.11)", async (_, type, body, status, code) => {
    const name = room();
    const auth = await tokenFor("ada");
    expect(await say(name, type, { auth, body })).toEqual([status, refused(code)]);
    const state = await call("GET", `/v1/rooms/${name}/state`, { auth });
    expect(await state.json()).toMatchObject({ seq: 0 });
  });

  it("takes from the API key what clients cannot say (P12.3)", async () => {
    const name = room();
    expect(await say(name, "closed", { body: { winner: "soup" } })).toEqual([201, { savedId: 1 }]);
    const vote = { auth: await tokenFor("ada"), body: soup };
    expect(await say(name, "vote", vote)).toEqual([410, refused("closed")]);
  });

  it.each([
    ["general", "chat"],
    ["pol:slip", "chat"],
    ["topic:x", "topic"],
  ])("is nothing in %s, and says of which kind that is", async (name, kind) => {
    const message = expect.stringContaining(`"${name}" is a room of kind "${kind}"`);
    expect(await say(name, "vote", { body: soup })).toEqual([
      404,
      { error: expect.objectContaining({ code: "not_found", message }) },
    ]);
  });

  it("is not open to whom the room is none of theirs", async () => {
    const auth = await tokenFor("ada", { rooms: { "poll:*": ["read"] } });
    expect(await say(room(), "vote", { auth, body: soup })).toEqual([
      403,
      refused("access_denied"),
    ]);
    const stranger = await tokenFor("ada", { rooms: { x: ["read", "write"] } });
    const [status] = await say(room(), "vote", { auth: stranger, body: soup });
    expect(status).toBe(403);
  });

  it("is held to the contract by the room, whatever a Worker hands to it", async () => {
    const actor = {
      userId: "ada",
      name: "Ada",
      permissions: ["write"] as const,
      version: INNER_VERSION,
    };
    const submit = (type: string, payload: object) =>
      env.ROOM.getByName(room()).submit(actor, { type, messageId: "m-1", payload } as never);
    expect(await submit("vote", { option: 7 })).toMatchObject(refused("invalid_request"));
    expect(await submit("vote", { ...soup, more: 1 })).toMatchObject({ ok: true });
    expect(await submit("closed", { winner: "me" })).toMatchObject(refused("access_denied"));
    expect(await submit("leave_room", {})).toMatchObject(refused("not_found"));
  });
});

describe("POST /v1/rooms/:room/signals/:type", () => {
  const signal = async (name: string, type: string, options: Parameters<typeof call>[2]) => {
    const response = await call("POST", `/v1/rooms/${name}/signals/${type}`, options);
    return [response.status, await response.json()];
  };

  it("tells whoever is connected, on every way in, and stores nothing (P7.13, P12.2)", async () => {
    const name = room();
    const ben = await Peer.connect(name, "ben");
    const cyd = await EventReader.open(name, "cyd");
    const auth = await tokenFor("ada");
    expect(await signal(name, "hover", { auth, body: soup })).toEqual([202, { delivered: 2 }]);
    for (const reader of [ben, cyd]) {
      await reader.see("hover");
      const told = reader.frames.find(({ type }) => type === "hover");
      expect(told).toMatchObject({ userId: "ada", payload: soup });
      expect(told).not.toHaveProperty("seq");
    }
    const state = await call("GET", `/v1/rooms/${name}/state`, { auth });
    expect(await state.json()).toMatchObject({ seq: 0 });
  });

  it.each([
    ["what the schema refuses", "hover", { option: 7 }, 400, "invalid_request"],
    ["what a rule refuses", "hover", { option: "nothing" }, 422, "no_such_option"],
    ["an event", "vote", soup, 404, "not_found"],
    ["what is none of its signals", "toString", soup, 404, "not_found"],
    ["what every room is told", "presence", { data: null }, 404, "not_found"],
  ] as const)("refuses %s, and tells nobody (P7.13)", async (_, type, body, status, code) => {
    const name = room();
    const ben = await Peer.connect(name, "ben");
    const auth = await tokenFor("ada");
    expect(await signal(name, type, { auth, body })).toEqual([status, refused(code)]);
    await ben.ask("vote", soup, "m-1");
    expect(ben.of("hover")).toEqual([]);
  });

  it("needs the grant to publish, and is counted like any request of its sender (P7.13)", async () => {
    const name = room();
    const auth = await tokenFor("ada", { rooms: { "*": ["read", "write"] } });
    expect(await signal(name, "hover", { auth, body: soup })).toEqual([
      403,
      refused("access_denied"),
    ]);
    const eve = { userId: "eve", name: "Eve", permissions: ["publish"], version: INNER_VERSION };
    const answers = await runInDurableObject(env.ROOM.getByName(name), (object) => {
      const said = { type: "hover", payload: soup } as const;
      const { submit } = object as unknown as RoomApi;
      const times = Array.from({ length: 2_000 });
      return Promise.all(times.map(() => submit.call(object as never, eve as Actor, said)));
    });
    expect(answers).toContainEqual(expect.objectContaining(refused("rate_limited")));
  });

  it.each(["general", "topic:x"])("is nothing in %s, whose kind is not a team's", async (name) => {
    expect(await signal(name, "hover", { body: soup })).toEqual([404, refused("not_found")]);
  });
});

describe("GET /v1/rooms/:room/state", () => {
  it("answers the state and the cursor, and 304 while nothing has changed (P7.12)", async () => {
    const name = room();
    const auth = await tokenFor("ada");
    await say(name, "vote", { auth, body: soup });
    const read = (headers = {}) => call("GET", `/v1/rooms/${name}/state`, { auth, headers });
    const first = await read();
    expect(await first.json()).toEqual({
      state: { open: true, votes: { ada: "soup" } },
      epoch: expect.any(String),
      seq: 1,
    });
    const known = { "If-None-Match": first.headers.get("ETag") ?? "" };
    expect((await read(known)).status).toBe(304);
    await say(name, "vote", { auth, body: { option: "bread" } });
    expect((await read(known)).status).toBe(200);
  });

  it("needs the grant to read, and a room that has a state", async () => {
    const auth = await tokenFor("ada", { rooms: { "*": ["write"] } });
    expect((await call("GET", `/v1/rooms/${room()}/state`, { auth })).status).toBe(403);
    expect((await call("GET", "/v1/rooms/general/state")).status).toBe(404);
  });
});

describe("a poll", () => {
  it("has the state after the event at its own cursor, however long it waited (P7.12)", async () => {
    const name = room();
    const auth = await tokenFor("ada");
    await say(name, "vote", { auth, body: soup });
    const poll = async (query: string) => {
      const response = await call("GET", `/v1/rooms/${name}/poll?${query}`, { auth });
      return response.json<{ epoch: string; seq: number; state: unknown; events: unknown[] }>();
    };
    const first = await poll("wait=0");
    expect(first).toMatchObject({ seq: 1, state: { votes: { ada: "soup" } } });
    const waiting = poll(`wait=20&since=1&epoch=${first.epoch}`);
    const from = { auth: await tokenFor("ben"), body: { option: "bread" } };
    // The poll may not have come in yet: whichever way round, it has what is after its cursor.
    await say(name, "vote", from);
    expect(await waiting).toMatchObject({
      seq: 2,
      events: [{ type: "vote", seq: 2, userId: "ben" }],
      state: { open: true, votes: { ada: "soup", ben: "bread" } },
    });
  });
});

describe("GET /v1/rooms/:room/query/:name", () => {
  it("answers as a frame does, to whoever may read, with an ETag (P12.6, P12.8)", async () => {
    const name = room();
    const auth = await tokenFor("ada", { rooms: { "poll:*": ["read", "write"] } });
    await say(name, "vote", { auth, body: soup });
    const path = `/v1/rooms/${name}/query/tally?input=${encodeURIComponent('{"least":1}')}`;
    const answer = await call("GET", path, { auth });
    expect(await answer.json()).toEqual({ success: true, output: { soup: 1 } });
    const headers = { "If-None-Match": answer.headers.get("ETag") ?? "" };
    expect((await call("GET", path, { auth, headers })).status).toBe(304);
    const ben = await Peer.connect(name, "ben");
    ben.send({ type: "query", messageId: "q", payload: { name: "tally", input: { least: 2 } } });
    await ben.see("answer");
    expect(ben.frames.find(({ type }) => type === "answer")).toMatchObject({
      messageId: "q",
      payload: { success: true, output: {} },
    });
  });

  it.each([
    ["no JSON", "poll:a", "tally?input={", 400, "invalid_request"],
    [
      "input that its schema does not take",
      "poll:a",
      'tally?input={"least":0}',
      400,
      "invalid_request",
    ],
    ["none where it needs one", "poll:a", "tally", 400, "invalid_request"],
    ["a query that there is not", "poll:a", "toString", 404, "not_found"],
    ["a room of another kind", "general", "tally", 404, "not_found"],
  ] as const)("refuses %s (P12.7)", async (_, name, query, status, code) => {
    const answer = await call("GET", `/v1/rooms/${name}/query/${query}`, {
      auth: await tokenFor("ada"),
    });
    expect([answer.status, await answer.json()]).toEqual([status, refused(code)]);
  });
});
