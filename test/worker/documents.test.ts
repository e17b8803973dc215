import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { exported, importInto } from "./support/archive.ts";
import { EventReader } from "./support/event-reader.ts";
import { call } from "./support/http.ts";
import { Peer, type Seen } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";

interface Page {
  readonly events: readonly Seen[];
  readonly epoch: string;
  readonly seq: number;
  readonly recovered: boolean;
}

const name = () => `document:${crypto.randomUUID()}`;

function greetingOf({ frames }: { readonly frames: readonly Seen[] }): Seen["payload"] {
  return frames.find(({ type }) => type === "joined_document")?.payload;
}

function change(peer: Peer, version: number, ...changes: readonly unknown[]) {
  return peer.ask("document_change", { version, changes }, `m-${version}`);
}

describe("a document in JSON", () => {
  it.each(["json", "msgpack", "plain"] as const)(
    "is greeted, changed and resumed over a WebSocket (%s) (P18.2)",
    async (wire) => {
      const room = name();
      const ada = await Peer.connect(room, "ada", { wire });
      expect(ada.frames[0]).toMatchObject({ type: "joined_document" });
      expect(greetingOf(ada)).toMatchObject({ version: 0, snapshot: null, cursors: {} });
      expect(await change(ada, 0, "a", "b")).toEqual({ success: true, savedId: 2, version: 2 });
      expect(await change(ada, 2, "c")).toMatchObject({ version: 3 });
      const { epoch } = greetingOf(ada);
      const query = `?since=2&epoch=${epoch}`;
      const ben = await Peer.connect(room, "ben", { wire, query });
      await ben.see("remote_change");
      expect(greetingOf(ben)).toMatchObject({ version: 3, recovered: true, snapshot: null });
      expect(ben.of("remote_change")).toEqual([
        { from: 2, version: 3, changes: ["c"], userId: "ada" },
      ]);
      ben.send({ type: "cursor_move", payload: { position: { anchor: 1 } } });
      await ada.see("remote_cursor");
      ben.close();
      await ada.see("remote_cursor", 2);
      expect(ada.of("remote_cursor")).toEqual([
        { userId: "ben", position: { anchor: 1 } },
        { userId: "ben", position: null },
      ]);
    },
  );

  it("sleeps with cursors and snapshot, and wakes as it was", async () => {
    const room = name();
    const ada = await Peer.connect(room, "ada");
    await change(ada, 0, "a");
    await ada.ask("document_snapshot", { version: 1, snapshot: { text: "a" } });
    await ada.ask("cursor_move", { position: 1 });
    await evictDurableObject(env.ROOM.getByName(room), { webSockets: "hibernate" });
    const ben = await Peer.connect(room, "ben");
    expect(greetingOf(ben)).toMatchObject({
      version: 1,
      from: 1,
      snapshot: { version: 1, snapshot: { text: "a" } },
      cursors: { ada: 1 },
    });
    expect(await change(ada, 1, "b")).toMatchObject({ success: true, version: 2 });
    await ben.see("remote_change");
  });

  it("is heard as an event stream from wherever a reader stood, to the end (P18.8)", async () => {
    const room = name();
    const ada = await Peer.connect(room, "ada");
    for (const version of [0, 2, 4]) await change(ada, version, "x", "y");
    const { epoch } = greetingOf(ada);
    const first = await EventReader.open(room, "ben");
    await first.see("remote_change", 3);
    const ids = first.parser.events.map(({ id }) => id).filter((id) => id !== undefined);
    expect(ids).toEqual([0, 2, 4, 6].map((version) => `${epoch}:${version}`));
    const again = await EventReader.open(room, "ben", { lastEventId: `${epoch}:2` });
    await again.see("remote_change", 2);
    const froms = again.frames.filter(({ type }) => type === "remote_change");
    expect(froms.map(({ payload }) => payload.from)).toEqual([2, 4]);
  });

  it("is read and changed by request, and polled by its versions (P18.12)", async () => {
    const room = name();
    const path = `/v1/rooms/${room}`;
    const auth = await tokenFor("ada");
    const post = (version: number, key: string) =>
      call("POST", `${path}/changes`, {
        auth,
        body: { version, changes: ["x", "y"] },
        headers: { "Idempotency-Key": key },
      });
    const created = await post(0, "k-1");
    expect([created.status, await created.json()]).toEqual([201, { savedId: 2, version: 2 }]);
    const repeated = await post(0, "k-1");
    expect([repeated.status, await repeated.json()]).toEqual([
      200,
      { savedId: 2, version: 2, duplicate: true },
    ]);
    const behind = await post(0, "k-2");
    expect([behind.status, await behind.json()]).toMatchObject([
      409,
      { error: { code: "conflict", retryable: false } },
    ]);
    expect((await post(2, "k-3")).status).toBe(201);
    const body = { version: 2, snapshot: "xy" };
    expect((await call("POST", `${path}/snapshot?as=ada`, { body })).status).toBe(200);
    const whole = await call("GET", `${path}/snapshot`, { auth });
    const read = await whole.json<{ readonly epoch: string }>();
    expect(read).toMatchObject({ version: 4, seq: 4, snapshot: { version: 2, snapshot: "xy" } });
    for (const wait of [0, 5]) {
      const since = `since=2&epoch=${read.epoch}&wait=${wait}`;
      const page = await (await call("GET", `${path}/poll?${since}`, { auth })).json<Page>();
      expect(page).toMatchObject({ seq: 4, recovered: true, events: [{ payload: { from: 2 } }] });
    }
    const now = await (await call("GET", `${path}/poll`, { auth })).json<Page>();
    expect(now).toMatchObject({ seq: 4, recovered: false, events: [] });
  });

  it("has no messages, and a room that is none has no snapshot", async () => {
    const auth = await tokenFor("ada");
    for (const path of [`${name()}/messages`, "general/snapshot"]) {
      expect((await call("GET", `/v1/rooms/${path}`, { auth })).status).toBe(404);
    }
  });

  it("is closed to whoever has no grant, and read-only to whoever may read alone", async () => {
    const room = name();
    const closed = await call("GET", `/v1/rooms/${room}/snapshot`, {
      auth: await tokenFor("eve", { rooms: { "topic:*": ["read"] } }),
    });
    expect(closed.status).toBe(403);
    const token = await tokenFor("ben", { rooms: { "document:*": ["read"] } });
    const ben = await Peer.connect(room, "ben", { token });
    expect(await change(ben, 0, "a")).toMatchObject({ error: { code: "access_denied" } });
    const path = `/v1/rooms/${room}/changes`;
    const refused = await call("POST", path, { auth: token, body: { version: 0, changes: [1] } });
    expect(refused.status).toBe(403);
  });

  it("goes to another room by export and import, and its cursors hold there", async () => {
    const room = name();
    const ada = await Peer.connect(room, "ada");
    for (const version of [0, 2, 4]) await change(ada, version, "x", "y");
    await ada.ask("document_snapshot", { version: 4, snapshot: "xyxy" });
    const lines = await exported(room);
    const copy = name();
    expect((await importInto(copy, lines)).status).toBe(201);
    const { epoch } = greetingOf(ada);
    const ben = await Peer.connect(copy, "ben", { query: `?since=4&epoch=${epoch}` });
    await ben.see("remote_change");
    expect(greetingOf(ben)).toMatchObject({ version: 6, from: 4, recovered: true });
    const eve = await Peer.connect(copy, "eve");
    expect(greetingOf(eve)).toMatchObject({ from: 4, snapshot: { snapshot: "xyxy" } });
    const forged = lines.replace('"target":6', '"target":5');
    expect((await importInto(name(), forged)).status).toBe(400);
  });

  it("takes a frame that is larger than a chat's, and closes on what is larger still", async () => {
    const ada = await Peer.connect(name(), "ada");
    expect(await change(ada, 0, "x".repeat(200_000))).toMatchObject({ success: true, version: 1 });
    ada.send({ type: "document_change", messageId: "m", payload: "x".repeat(600_000) });
    expect(await ada.untilClosed()).toMatchObject({ code: 1009 });
  });
});
