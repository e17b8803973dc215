import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { RoomObject } from "../../src/objects/room-object.ts";
import { PERMISSIONS } from "../../src/protocol/grant.ts";
import { INNER_VERSION } from "../../src/protocol/inner-version.ts";
import { exported, importInto, json, livelyRoom, room } from "./support/archive.ts";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";
import { NO_TRACES, tracesOf } from "./support/traces.ts";

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
    ["a time that no date can hold", 2, [header(1), event(1, { at: 8.64e15 + 1 }), end(3)]],
    [
      "a ban for ever",
      2,
      [header(0), '{"type":"ban","userId":"a","until":9000000000000000}', end(3)],
    ],
    ["nesting that readers cannot hold", 2, [header(1), event(1, { payload: nested(40) }), end(3)]],
    ["nesting without end", 2, [header(1), event(1, { payload: nested(3_000) }), end(3)]],
    ["the same room twice", 2, [header(0), header(0), end(3)]],
  ])("is refused by its line and leaves nothing: %s", async (_, line, lines) => {
    const name = room();
    const response = await importInto(name, lines.map((text) => `${text}\n`).join(""));
    const { error } = await response.json<{ error: { code: string; message: string } }>();
    expect([response.status, error.code]).toEqual([400, "invalid_request"]);
    expect(error.message).toMatch(
      line === undefined ? /cut off.* must be of type "end"/ : new RegExp(`^Line ${line}: `),
    );
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

  it("closes the room while it lasts, ends who was there, and is whole for whoever comes then", async () => {
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
