import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { RoomObject } from "../../src/objects/room-object.ts";
import { PERMISSIONS } from "../../src/protocol/grant.ts";
import { INNER_VERSION } from "../../src/protocol/inner-version.ts";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";
import { NO_TRACES, tracesOf } from "./support/traces.ts";

const room = () => `room-${crypto.randomUUID()}`;

type Body = string | ReadableStream<Uint8Array>;

async function exported(name: string): Promise<string> {
  const response = await call("GET", `/v1/rooms/${name}/export`);
  expect([response.status, response.headers.get("Content-Type")]).toEqual([
    200,
    "application/x-ndjson",
  ]);
  return response.text();
}

function importInto(name: string, body: Body, auth: string = env.API_KEY): Promise<Response> {
  return exports.default.fetch(
    new Request(`https://edge.test/v1/rooms/${name}/import`, {
      method: "POST",
      headers: { Authorization: `Bearer ${auth}` },
      body,
    }),
  );
}

async function json(path: string): Promise<Record<string, unknown>> {
  return (await call("GET", `/v1/rooms/${path}`)).json();
}

/** A chat with every kind of thing in it. */
async function livelyRoom(): Promise<string> {
  const name = room();
  const ada = await Peer.connect(name, "ada");
  await ada.ask(
    "send_message",
    { content: "héllo 響 \u2028", data: { b: 1, "2": [null, "x"] } },
    "m-1",
  );
  await ada.say("to be edited");
  await ada.ask("edit_message", { seq: 2, content: "edited" });
  await ada.ask("edit_message", { seq: 2, content: "edited twice" });
  await ada.say("to be deleted");
  await ada.ask("edit_message", { seq: 5, content: "secret" });
  await ada.ask("delete_message", { seq: 5 });
  await ada.ask("react", { seq: 1, emoji: "👍" });
  await ada.ask("send_message", { content: "reply", replyTo: 1, mentions: ["ben"] });
  await call("POST", `/v1/rooms/${name}/read?as=ben`, { body: { upTo: 3 } });
  await call("DELETE", `/v1/rooms/${name}/users/eve?ban=600`);
  ada.close();
  await ada.untilClosed();
  return name;
}

async function livelyTopic(): Promise<string> {
  const name = `topic:${room()}`;
  for (const [event, data] of [
    ["a/b", { x: 1 }],
    ["price", 41.5],
  ] as const) {
    await call("POST", `/v1/rooms/${name}/publish`, { body: { event, data } });
  }
  return name;
}

async function livelyInbox(): Promise<string> {
  const ben = `ben-${crypto.randomUUID()}`;
  for (let i = 1; i <= 4; i++) {
    await call("POST", `/v1/users/${ben}/notifications`, { body: { type: "t", title: `n${i}` } });
  }
  await call("POST", `/v1/rooms/user:${ben}/read?as=${ben}`, { body: { upTo: 1 } });
  await call("POST", `/v1/rooms/user:${ben}/read?as=${ben}`, { body: { ids: [3] } });
  return `user:${ben}`;
}

describe("an export", () => {
  it.each([
    ["chat", livelyRoom],
    ["topic", livelyTopic],
    ["inbox", livelyInbox],
  ])(
    "of a %s is the same after delete and import, also in another life of the object",
    async (_, make) => {
      const name = await make();
      const before = await exported(name);
      const views = ["messages", "poll", "users"];
      const seen = await Promise.all(views.map((view) => json(`${name}/${view}`)));
      expect((await call("DELETE", `/v1/rooms/${name}`)).status).toBe(204);
      const answer = await importInto(name, before);
      expect([answer.status, await answer.json()]).toMatchObject([
        201,
        { lines: before.split("\n").length - 1 },
      ]);
      expect(await exported(name)).toBe(before);
      await evictDurableObject(env.ROOM.getByName(name));
      expect(await exported(name)).toBe(before);
      for (const [i, view] of views.entries()) {
        expect({ ...(await json(`${name}/${view}`)), epoch: "" }).toEqual({
          ...seen[i],
          epoch: "",
        });
      }
    },
  );

  it("brings history, edits, deletions, reactions, receipts, bans and used keys back", async () => {
    const name = await livelyRoom();
    const text = await exported(name);
    expect(text).not.toContain("secret");
    await call("DELETE", `/v1/rooms/${name}`);
    await importInto(name, text);
    const ada = await Peer.connect(name, "ada");
    expect(ada.joined).toMatchObject({ seq: 9, reads: { ben: 3 } });
    expect(ada.joined.history.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2, 9]);
    expect(ada.joined.history[0]).toMatchObject({ reactions: { "👍": ["ada"] } });
    const again = await ada.ask(
      "send_message",
      { content: "héllo 響 \u2028", data: { b: 1, "2": [null, "x"] } },
      "m-1",
    );
    expect(again).toEqual({ success: true, savedId: 1, duplicate: true });
    // The chain of edits is whole: a deletion still takes all of them.
    await ada.ask("delete_message", { seq: 2 });
    const rows = await runInDurableObject(env.ROOM.getByName(name), (_, { storage }) =>
      JSON.stringify(storage.sql.exec("SELECT payload FROM log").toArray()),
    );
    expect(rows).not.toContain("edited");
    expect((await Peer.connect(name, "eve")).of("error")[0].code).toBe("banned");
    expect(await ada.say("goes on")).toMatchObject({ success: true, savedId: 11 });
  });

  it("lets cursors of the exported life go on as far as it went, and none further", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    for (const content of ["one", "two"]) await ada.say(content);
    const text = await exported(name);
    await ada.say("lost");
    await call("DELETE", `/v1/rooms/${name}`);
    await importInto(name, text);
    await call("POST", `/v1/rooms/${name}/messages?as=ada`, { body: { content: "new" } });
    const { epoch } = ada.joined;
    const poll = (since: number, of = epoch) => json(`${name}/poll?since=${since}&epoch=${of}`);
    expect(await poll(1)).toMatchObject({ recovered: true, seq: 3 });
    const caughtUp = (await poll(2)) as { epoch: string; events: { payload: object }[] };
    expect(caughtUp).toMatchObject({ recovered: true, events: [{ payload: { content: "new" } }] });
    // Whoever saw what was lost starts anew.
    expect(await poll(3)).toMatchObject({ recovered: false });
    expect(caughtUp.epoch).not.toBe(epoch);
    const second = await exported(name);
    await call("DELETE", `/v1/rooms/${name}`);
    await importInto(name, second);
    expect(await poll(2)).toMatchObject({ recovered: true, seq: 3 });
    expect(await poll(3, caughtUp.epoch)).toMatchObject({ recovered: true, events: [] });
    expect(await poll(3)).toMatchObject({ recovered: false });
  });

  it("of a name that nobody wrote to is empty, creates nothing, and can be imported", async () => {
    const name = room();
    const text = await exported(name);
    expect(text.split("\n").map((line) => (line === "" ? "" : JSON.parse(line).type))).toEqual([
      "room",
      "end",
      "",
    ]);
    expect(await tracesOf(name)).toEqual(NO_TRACES);
    expect((await importInto(name, text)).status).toBe(201);
  });

  it("of a trimmed log begins where the log does", async () => {
    const name = room();
    for (let i = 0; i < 6; i++) {
      await call("POST", `/v1/rooms/${name}/messages?as=ada`, { body: { content: `m${i}` } });
    }
    await runInDurableObject(env.ROOM.getByName(name), (_, { storage }) => {
      storage.sql.exec("DELETE FROM log WHERE seq < 4");
    });
    await evictDurableObject(env.ROOM.getByName(name));
    const text = await exported(name);
    const copy = room();
    expect((await importInto(copy, text)).status).toBe(201);
    expect(await json(`${copy}/messages`)).toMatchObject({
      seq: 6,
      messages: [{ seq: 4 }, {}, {}],
    });
    expect(await json(`${copy}/stats`)).toMatchObject({ logRows: 3 });
  });
});

describe("an import", () => {
  const header = (head: number, kind = "chat") =>
    JSON.stringify({
      type: "room",
      version: 1,
      room: "r",
      kind,
      epoch: "e",
      head,
      oldest: 1,
      former: [],
    });
  const event = (seq: number, change: object = {}) =>
    JSON.stringify({
      type: "event",
      seq,
      event: "message_deleted",
      at: 1,
      userId: "ada",
      messageId: `m${seq}`,
      target: seq,
      payload: { seq, userId: "ada" },
      ...change,
    });
  const receipt = (upTo: number) => JSON.stringify({ type: "receipt", userId: "ada", upTo });
  const nested = (levels: number): object =>
    JSON.parse(`${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`);
  const end = (lines: number) => JSON.stringify({ type: "end", lines });

  it.each<[string, number | undefined, readonly string[]]>([
    ["no room line", 1, [event(1), end(2)]],
    ["not JSON", 2, [header(1), "{", end(3)]],
    ["a blank line", 2, [header(1), "", event(1), end(4)]],
    ["an unknown type", 2, [header(0), '{"type":"secret"}', end(3)]],
    ["a newer version", 1, [header(0).replace('"version":1', '"version":2'), end(2)]],
    ["another kind", 1, [header(0, "topic"), end(2)]],
    ["a gap", 3, [header(3), event(1), event(3), end(4)]],
    ["too many events", 3, [header(1), event(1), event(2), end(4)]],
    ["too few events", 3, [header(2), event(1), end(3)]],
    ["a wrong count", 3, [header(1), event(1), end(9)]],
    ["more after the end", 4, [header(1), event(1), end(3), end(4)]],
    ["no end", undefined, [header(1), event(1)]],
    [
      "a key that readers refuse",
      2,
      [header(1), event(1, { payload: JSON.parse('{"__proto__":1}') }), end(3)],
    ],
    ["a message that is none", 2, [header(1), event(1, { event: "new_message" }), end(3)]],
    ["a type that breaks JSON", 2, [header(1), event(1, { event: 'x","y' }), end(3)]],
    ["what a chat has not", 2, [header(0), '{"type":"inbox","readUpTo":1}', end(3)]],
    ["a receipt beyond the head", 2, [header(0), receipt(1), end(3)]],
    ["nesting that readers cannot hold", 2, [header(1), event(1, { payload: nested(40) }), end(3)]],
    ["nesting without end", 2, [header(1), event(1, { payload: nested(3_000) }), end(3)]],
    ["the same room twice", 2, [header(0), header(0), end(3)]],
  ])("is refused by its line and leaves nothing: %s", async (_, line, lines) => {
    const name = room();
    const response = await importInto(name, lines.map((text) => `${text}\n`).join(""));
    const { error } = await response.json<{ error: { code: string; message: string } }>();
    expect([response.status, error.code]).toEqual([400, "invalid_request"]);
    expect(error.message).toMatch(line === undefined ? /cut off/ : new RegExp(`^Line ${line}: `));
    expect(await tracesOf(name)).toEqual(NO_TRACES);
    expect(await json(`${name}/poll`)).toMatchObject({ seq: 0 });
  });

  it("is refused for a line that is too long, before it is read to its end", async () => {
    const name = room();
    let sent = 0;
    const { readable, writable } = new IdentityTransformStream();
    const sending = (async () => {
      const writer = writable.getWriter();
      for (; sent < 64 * 1024 * 1024; sent += 65_536)
        await writer.write(new Uint8Array(65_536).fill(97));
    })().catch(() => undefined);
    const response = await importInto(name, readable);
    expect(response.status).toBe(413);
    await sending;
    expect(sent).toBeLessThan(32 * 1024 * 1024);
    expect(await tracesOf(name)).toEqual(NO_TRACES);
  });

  it("is refused with conflict when the room is not empty, and changes nothing", async () => {
    const [full, name] = [await livelyRoom(), room()];
    await call("POST", `/v1/rooms/${name}/messages?as=ada`, { body: { content: "mine" } });
    const before = await exported(name);
    const response = await importInto(name, await exported(full));
    expect([response.status, await response.json()]).toMatchObject([
      409,
      { error: { code: "conflict" } },
    ]);
    expect(await exported(name)).toBe(before);
  });

  it("is for the API key alone, as the export is", async () => {
    const name = room();
    const auth = await tokenFor("ada", { rooms: { "*": PERMISSIONS } });
    expect((await importInto(name, "", auth)).status).toBe(403);
    expect((await call("GET", `/v1/rooms/${name}/export`, { auth })).status).toBe(403);
  });

  it("closes the room while it lasts, ends who was there, and is whole for who comes then", async () => {
    const [name, source] = [room(), await livelyRoom()];
    const text = await exported(source);
    const early = await Peer.connect(name, "ada");
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const bytes = new TextEncoder().encode(text);
    const answer = importInto(name, readable);
    await writer.write(bytes.subarray(0, 600));
    expect((await early.untilClosed()).code).toBe(1012);
    const refused = await call("GET", `/v1/rooms/${name}/messages`);
    expect([refused.status, await refused.json()]).toMatchObject([
      500,
      {
        error: { code: "internal", retryable: true, message: expect.stringContaining("imported") },
      },
    ]);
    const late = await Peer.connect(name, "ben");
    expect((await late.untilClosed()).code).toBe(1011);
    await writer.write(bytes.subarray(600));
    await writer.close();
    expect((await answer).status).toBe(201);
    expect((await Peer.connect(name, "ada")).joined.seq).toBe(9);
  });

  it("waits until a flush is told in full, and stores what came meanwhile before it looks whether the room is empty", async () => {
    const [name, text] = [room(), await exported(await livelyRoom())];
    const crowd = await Promise.all(
      Array.from({ length: 8 }, (_, n) => Peer.connect(name, `reader-${n}`)),
    );
    const backend = {
      userId: "ada",
      name: "Ada",
      permissions: PERMISSIONS,
      backend: true as const,
    };
    const actor = { ...backend, version: INNER_VERSION };
    const data = "x".repeat(16_000);
    const outcomes = await runInDurableObject(
      env.ROOM.getByName(name),
      async (instance: RoomObject) => {
        // For eight readers twice as much as is told in one turn.
        const published = Array.from({ length: 140 }, () =>
          instance.submit(actor, { type: "publish", payload: { event: "e", data } }),
        );
        await published.at(-1);
        const sent = instance.submit(actor, {
          type: "send_message",
          messageId: "m",
          payload: { content: "in the middle" },
        });
        const { body } = new Response(text);
        if (body === null) throw new Error("There is nothing to import.");
        return Promise.all([sent, instance.restore(actor, body)]);
      },
    );
    expect(outcomes).toMatchObject([
      { ok: true, saved: { savedId: 1 } },
      { ok: false, error: { code: "conflict" } },
    ]);
    expect(await json(`${name}/messages`)).toMatchObject({
      messages: [{ content: "in the middle" }],
    });
    for (const reader of crowd) reader.close();
  });

  it("is broken off when the room is deleted, and leaves nothing", async () => {
    const name = room();
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const answer = importInto(name, readable);
    await writer.write(new TextEncoder().encode(`${header(1)}\n`));
    await expect.poll(async () => (await call("GET", `/v1/rooms/${name}/users`)).status).toBe(500);
    expect((await call("DELETE", `/v1/rooms/${name}`)).status).toBe(204);
    const response = await answer;
    expect([response.status, await response.json()]).toMatchObject([
      409,
      { error: { code: "conflict", message: expect.stringContaining("deleted") } },
    ]);
    await writer.abort().catch(() => undefined);
    expect(await tracesOf(name)).toEqual(NO_TRACES);
    expect((await Peer.connect(name, "ada")).joined.seq).toBe(0);
  });

  it("that its life did not outlast leaves nothing in the next one", async () => {
    const name = room();
    await call("POST", `/v1/rooms/${name}/messages?as=ada`, { body: { content: "half" } });
    const stub = env.ROOM.getByName(name);
    await runInDurableObject(stub, async (_, { storage }) => {
      storage.sql.exec("INSERT INTO meta (key, value) VALUES ('importing', '1')");
      await storage.setAlarm(Date.now() + 60_000);
    });
    await evictDurableObject(stub);
    expect(await json(`${name}/messages`)).toMatchObject({ messages: [], seq: 0 });
    expect((await tracesOf(name)).tables).not.toContain("log");
  });
});
