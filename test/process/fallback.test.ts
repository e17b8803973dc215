import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { RealtimeClient, type Room, type StatusChange } from "../../src/client/index.ts";
import { BrokenProxy } from "../support/broken-proxy.ts";
import { pause } from "../support/pause.ts";
import { SECRETS, Server } from "../support/server.ts";
import { until } from "./support/until.ts";

let server: Server;
const clients: RealtimeClient[] = [];
const proxies: BrokenProxy[] = [];

beforeAll(async () => {
  server = await Server.start();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()));
});
afterAll(() => server.stop());

async function behind(passes: { upgrades: boolean; streams: boolean }): Promise<BrokenProxy> {
  const proxy = await BrokenProxy.start(server.port, passes);
  proxies.push(proxy);
  return proxy;
}

function clientAt(url: string, options: object = {}): RealtimeClient {
  const client = new RealtimeClient({ url, token: guest, ...options });
  clients.push(client);
  return client;
}

async function guest(): Promise<string> {
  const response = await fetch(`${server.url}/v1/guests`, {
    method: "POST",
    body: JSON.stringify({ name: "Ann" }),
  });
  return ((await response.json()) as { token: string }).token;
}

const WORLDS = [
  ["breaks upgrades", "sse", { upgrades: false, streams: true }],
  ["breaks upgrades and holds streams back", "poll", { upgrades: false, streams: false }],
] as const;

describe.each(WORLDS)("behind a proxy that %s", (_, transport, passes) => {
  it(`talks over ${transport} both ways, and says so`, async () => {
    const proxy = await behind(passes);
    const ann = clientAt(proxy.url).room(`both-${transport}`);
    const ben = clientAt(server.url).room(`both-${transport}`);
    const statuses: StatusChange[] = [];
    ann.on("status", (change) => statuses.push(change));
    const byAnn: string[] = [];
    ann.on("new_message", ({ content }) => byAnn.push(content));
    await Promise.all([opened(ann), opened(ben)]);
    expect(ann.transport).toBe(transport);
    expect(ben.transport).toBe("websocket");
    expect(statuses).toEqual([{ status: "open", transport }]);

    const first = await ann.send("from ann");
    await ben.send("from ben");
    await ann.edit(first.savedId, "from ann, edited");
    await ann.react(first.savedId, "👍");
    ann.read(first.savedId);
    await until(() => byAnn.length === 2 && ben.reads[ann.userId ?? ""] === first.savedId);
    expect(byAnn).toEqual(["from ann", "from ben"]);
    const { messages } = await ben.history();
    expect(messages[0]).toMatchObject({
      content: "from ann, edited",
      reactions: { "👍": [ann.userId] },
    });
    await ann.delete(first.savedId);
    expect((await ben.history()).messages[0]).toMatchObject({ deleted: true });
  });

  it("publishes to others, and does not hear itself", async () => {
    const proxy = await behind(passes);
    const ann = clientAt(proxy.url).room(`publish-${transport}`);
    const ben = clientAt(server.url).room(`publish-${transport}`);
    const heard: unknown[] = [];
    ann.on("event", ({ data }) => heard.push(["ann", data]));
    ben.on("event", ({ data }) => heard.push(["ben", data]));
    await Promise.all([opened(ann), opened(ben)]);
    expect(ann.publish("wave", { a: 1 })).toBe(true);
    await until(() => heard.length === 1);
    await ann.send("after it");
    expect(heard).toEqual([["ben", { a: 1 }]]);
  });

  it("loses and repeats nothing while the server is killed and comes back", async () => {
    const proxy = await behind(passes);
    const ann = clientAt(proxy.url).room(`crash-${transport}`);
    const ben = clientAt(proxy.url).room(`crash-${transport}`);
    const seen: string[] = [];
    ben.on("new_message", ({ content }) => seen.push(content));
    await Promise.all([opened(ann), opened(ben)]);

    const contents = Array.from({ length: 40 }, (_, index) => `message ${index}`);
    const sent = contents.map((content) => ann.send(content));
    await sent[14];
    await server.kill();
    const late = ann.send("written while the server was down");
    await server.up();
    const receipts = await Promise.all([...sent, late]);

    const everything = [...contents, "written while the server was down"];
    await until(() => seen.length >= everything.length);
    expect(seen).toEqual(everything);
    expect(receipts.map(({ savedId }) => savedId)).toEqual(everything.map((_, i) => i + 1));
    expect(ann.transport).not.toBe("websocket");
  });
});

it("goes back to WebSocket when that works again, without losing or repeating a message", async () => {
  const proxy = await behind({ upgrades: false, streams: true });
  let wake = (_: "online") => {};
  const environment = {
    onWake: (listener: (cause: "online") => void) => {
      const before = wake;
      wake = (cause) => {
        before(cause);
        listener(cause);
      };
      return () => {};
    },
  };
  const ann = clientAt(proxy.url, { environment }).room("up");
  const seen: string[] = [];
  ann.on("new_message", ({ content }) => seen.push(content));
  await opened(ann);
  expect(ann.transport).toBe("sse");
  const contents = Array.from({ length: 30 }, (_, index) => `message ${index}`);
  const sent = contents.map((content) => ann.send(content));
  await sent[4];
  proxy.passes = { upgrades: true, streams: true };
  wake("online");
  await Promise.all(sent);
  await until(() => ann.transport === "websocket" && seen.length >= contents.length);
  expect(seen).toEqual(contents);
});

it.each(["websocket", "sse", "poll"] as const)(
  "keeps an inbox and a topic over %s",
  async (transport) => {
    const client = clientAt(server.url, { transport });
    const inbox = client.inbox();
    await new Promise((resolve) => inbox.on("joined_room", resolve));
    const owner = (await inbox.history()).seq === 0 ? inbox.userId : undefined;
    const told: string[] = [];
    inbox.on("notification", ({ title }) => told.push(title));
    await notify(owner ?? "", "one");
    await notify(owner ?? "", "two");
    await until(() => told.length === 2);
    expect(told).toEqual(["one", "two"]);
    expect(inbox.unread).toBe(2);
    inbox.read([1]);
    await until(() => inbox.unread === 1);
    inbox.read(2);
    await until(() => inbox.unread === 0);
    expect(inbox.notifications.map(({ read }) => read)).toEqual([true, true]);

    // Guests watch topics, and never publish there.
    const token = () => mint(`publisher-${transport}`, 600);
    const topic = clientAt(server.url, { transport, token }).topic(`cpu-${transport}`);
    const watcher = clientAt(server.url).topic(`cpu-${transport}`);
    const values: unknown[] = [];
    watcher.on("event", ({ data }) => values.push(data));
    await Promise.all(
      [topic, watcher].map((one) => new Promise((resolve) => one.on("joined_room", resolve))),
    );
    expect(topic.publish("load", 0.5, { conflate: true })).toBe(true);
    await until(() => values.length === 1);
    expect(watcher.last["load"]?.data).toBe(0.5);
    const late = clientAt(server.url, { transport }).topic(`cpu-${transport}`);
    await new Promise((resolve) => late.on("joined_room", resolve));
    expect(late.last["load"]?.data).toBe(0.5);
  },
);

it.each(["websocket", "sse", "poll"] as const)(
  "outlives its tokens over %s, without losing or repeating a message",
  async (transport) => {
    const sub = `short-${transport}`;
    let asked = 0;
    const token = async () => {
      asked += 1;
      return mint(sub, 6);
    };
    const room = clientAt(server.url, { transport, token }).room(sub);
    const seen: string[] = [];
    room.on("new_message", ({ content }) => seen.push(content));
    await opened(room);
    const contents = Array.from({ length: 24 }, (_, index) => `message ${index}`);
    for (const content of contents) {
      await room.send(content);
      await pause(500);
    }
    await until(() => seen.length >= contents.length);
    expect(seen).toEqual(contents);
    expect(asked).toBeGreaterThan(1);
  },
);

async function mint(sub: string, ttlSeconds: number): Promise<string> {
  const response = await fetch(`${server.url}/v1/tokens`, {
    method: "POST",
    headers: { authorization: `Bearer ${SECRETS.API_KEY}` },
    body: JSON.stringify({ sub, ttlSeconds, rooms: { "*": ["read", "write", "publish"] } }),
  });
  return ((await response.json()) as { token: string }).token;
}

async function notify(userId: string, title: string): Promise<void> {
  const response = await fetch(`${server.url}/v1/users/${userId}/notifications`, {
    method: "POST",
    headers: { authorization: `Bearer ${SECRETS.API_KEY}` },
    body: JSON.stringify({ type: "note", title }),
  });
  expect(response.status).toBe(201);
}

function opened(room: Room): Promise<unknown> {
  return new Promise((resolve) => room.on("joined_room", resolve));
}
