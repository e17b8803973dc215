import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { SendMessage } from "../../src/protocol/frames/chat.ts";
import { INNER_VERSION } from "../../src/protocol/inner-version.ts";
import { call } from "./support/http.ts";
import { Peer, type Seen } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";

const room = () => `room-${crypto.randomUUID()}`;

interface Page {
  readonly events: readonly Seen[];
  readonly epoch: string;
  readonly seq: number;
  readonly recovered: boolean;
}

async function poll(name: string, query: string): Promise<Page & { readonly tookMs: number }> {
  const before = performance.now();
  const auth = await tokenFor("ada");
  const response = await call("GET", `/v1/rooms/${name}/poll?${query}`, { auth });
  expect([response.status, response.headers.get("Cache-Control")]).toEqual([200, "no-store"]);
  expect(response.headers.get("ETag")).toBeNull();
  return { ...(await response.json<Page>()), tookMs: performance.now() - before };
}

const send = (name: string, content: string) =>
  call("POST", `/v1/rooms/${name}/messages?as=ben`, { body: { content } });

/**
 * Has so many messages said at once, past the Worker: a request to it costs the test pool the more,
 * the more there were before (150 of them took up to 46 s, on bare workerd they take half of one).
 */
async function fill(name: string, count: number, payload: SendMessage): Promise<void> {
  const ben = {
    userId: "ben",
    name: "Ben",
    permissions: ["write"],
    backend: true,
    version: INNER_VERSION,
  } as const;
  const said = Array.from({ length: count }, (_, i) =>
    env.ROOM.getByName(name).submit(ben, {
      type: "send_message",
      messageId: `message-${i}`,
      payload,
    }),
  );
  for (const outcome of await Promise.all(said)) expect(outcome).toMatchObject({ ok: true });
}

/** Waits until as many sockets are open on the room. */
async function untilHeld(name: string, count: number): Promise<void> {
  const held = () =>
    runInDurableObject(env.ROOM.getByName(name), (_, state) =>
      Promise.resolve(state.getWebSockets().filter(({ readyState }) => readyState === 1).length),
    );
  for (let tries = 0; (await held()) !== count; tries++) {
    if (tries === 400) throw new Error(`${await held()} sockets, not ${count}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe.each([
  ["a short poll", "wait=0"],
  ["a long poll", "wait=5"],
])("%s", (_, wait) => {
  it("answers what was missed since the cursor, and the cursor to go on from", async () => {
    const name = room();
    for (let i = 1; i <= 4; i++) await send(name, `m${i}`);
    const { epoch } = await poll(name, "");
    const page = await poll(name, `since=1&epoch=${epoch}&${wait}`);
    expect(page).toMatchObject({ epoch, seq: 4, recovered: true });
    expect(page.tookMs).toBeLessThan(2_000);
    expect(page.events.map(({ type, seq }) => [type, seq])).toEqual([
      ["new_message", 2],
      ["new_message", 3],
      ["new_message", 4],
    ]);
    await untilHeld(name, 0);
  });

  it.each(["since=1&epoch=another", "since=99&epoch=EPOCH", "since=1"])(
    "answers at once that %s cannot be resumed, and where the log is",
    async (query) => {
      const name = room();
      await send(name, "one");
      const { epoch } = await poll(name, "");
      const page = await poll(name, `${query.replace("EPOCH", epoch)}&${wait}`);
      expect(page).toMatchObject({ events: [], epoch, seq: 1, recovered: false });
      expect(page.tookMs).toBeLessThan(2_000);
    },
  );

  it("cuts a long answer, and the next poll goes on from there (P7.8)", async () => {
    const name = room();
    await fill(name, 150, { content: "響".repeat(4_000), data: "x".repeat(4_000) });
    // Not asked before: a room that nobody has written to forgets its epoch when it sleeps.
    const { epoch } = await poll(name, "");
    const seen: (number | undefined)[] = [];
    let cursor = { seq: 0, epoch };
    let polls = 0;
    while (cursor.seq < 150) {
      const page = await poll(name, `since=${cursor.seq}&epoch=${cursor.epoch}&${wait}`);
      expect(page.recovered).toBe(true);
      seen.push(...page.events.map(({ seq }) => seq));
      cursor = page;
      polls += 1;
    }
    expect(polls).toBeGreaterThan(1);
    expect(seen).toEqual(Array.from({ length: 150 }, (__, i) => i + 1));
  });
});

describe("a short poll", () => {
  it("without a cursor is from now on (P7.7)", async () => {
    const name = room();
    await send(name, "one");
    expect(await poll(name, "")).toMatchObject({ events: [], seq: 1 });
  });

  it("with nothing missed is empty and keeps its place", async () => {
    const name = room();
    await send(name, "one");
    const { epoch } = await poll(name, "");
    const page = await poll(name, `since=1&epoch=${epoch}`);
    expect(page).toMatchObject({ events: [], epoch, seq: 1, recovered: true });
  });
});

describe("a long poll", () => {
  it("answers as soon as something comes, and shows in nobody's list of people", async () => {
    const name = room();
    const ben = await Peer.connect(name, "ben");
    const answer = poll(name, "wait=10");
    await untilHeld(name, 2);
    const saidAt = performance.now();
    await ben.say("hello");
    const page = await answer;
    expect(performance.now() - saidAt).toBeLessThan(1_000);
    expect(page).toMatchObject({ seq: 1, events: [{ type: "new_message", seq: 1 }] });
    await untilHeld(name, 1);
    await ben.settle();
    expect(ben.of("user_joined")).toEqual([]);
    expect(ben.of("user_left")).toEqual([]);
  });

  it("answers ephemeral frames too, and they do not move the cursor", async () => {
    const name = room();
    await send(name, "one");
    const ben = await Peer.connect(name, "ben");
    const answer = poll(name, `since=1&epoch=${ben.joined.epoch}&wait=10`);
    await untilHeld(name, 2);
    ben.send({ type: "publish", payload: { event: "poke", data: 1 } });
    expect(await answer).toMatchObject({
      seq: 1,
      recovered: true,
      events: [{ type: "event", payload: { event: "poke", data: 1, userId: "ben" } }],
    });
  });

  it("of a topic has the newest value of each event, as a short one has", async () => {
    const name = `topic:${room()}`;
    const publish = (event: string, data: number) =>
      call("POST", `/v1/rooms/${name}/publish`, { body: { event, data } });
    await publish("cpu", 1);
    await publish("memory", 2);
    const short = await call("GET", `/v1/rooms/${name}/poll?wait=0`);
    const { last } = await short.json<{ last: object }>();
    const answer = call("GET", `/v1/rooms/${name}/poll?wait=10`);
    await untilHeld(name, 1);
    await publish("cpu", 3);
    const page = await (await answer).json<Page & { last: object }>();
    expect(page.events).toMatchObject([{ payload: { event: "cpu", data: 3 } }]);
    expect(last).toMatchObject({ cpu: { data: 1 }, memory: { data: 2 } });
    expect(page.last).toMatchObject({ cpu: { data: 3 }, memory: { data: 2 } });
    const users = await call("GET", `/v1/rooms/${name}/users`);
    expect(await users.json()).toEqual({ users: [] });
  });

  it("is empty at the deadline, and lets the room go", async () => {
    const name = room();
    const { epoch } = await poll(name, "");
    const page = await poll(name, `since=0&epoch=${epoch}&wait=1`);
    expect(page).toMatchObject({ events: [], epoch, seq: 0, recovered: true });
    expect(page.tookMs).toBeGreaterThan(950);
    await untilHeld(name, 0);
  });

  it("waits while the room hibernates, without a timer in it", async () => {
    const name = room();
    const answer = poll(name, "wait=10");
    await untilHeld(name, 1);
    const before = performance.now();
    await evictDurableObject(env.ROOM.getByName(name));
    expect(performance.now() - before).toBeLessThan(1_000);
    await send(name, "good morning");
    expect(await answer).toMatchObject({ seq: 1, events: [{ type: "new_message" }] });
  });

  it("tells a person who is thrown out while it waits", async () => {
    const name = room();
    const auth = await tokenFor("ada");
    const answer = call("GET", `/v1/rooms/${name}/poll?wait=10`, { auth });
    await untilHeld(name, 1);
    await call("DELETE", `/v1/rooms/${name}/users/ada?ban=60`);
    const response = await answer;
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: "banned" } });
  });

  it("answers early and empty when the room is restarted, with its place kept", async () => {
    const name = room();
    await send(name, "one");
    const answer = poll(name, "wait=10");
    await untilHeld(name, 1);
    await evictDurableObject(env.ROOM.getByName(name), { webSockets: "close" });
    const page = await answer;
    expect(page).toMatchObject({ events: [], seq: 1 });
    expect(page.tookMs).toBeLessThan(5_000);
  });
});
