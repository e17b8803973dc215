import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { Example } from "./support/example.ts";
import { StockClient } from "./support/stock-client.ts";
import { until } from "./support/until.ts";

const BACKEND = { Authorization: `Bearer ${SECRETS.API_KEY}` };

/** Somebody's token, that grants nothing by itself unless told. */
const as = (userId: string, rooms: Readonly<Record<string, readonly string[]>> = {}) => ({
  Authorization: `Bearer ${tokenFor(userId, SECRETS.AUTH_SECRET, { rooms })}`,
});

describe("order-status", () => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.start("order-status");
  });
  afterAll(() => example.stop());

  it("compiles", () => example.check());

  it("is driven by a backend over HTTP, and tells its buyer", async () => {
    const { url } = example.server;
    const room = `${url}/v1/rooms/order:17`;
    const say = async (type: string, key: string, body: object, headers: object = BACKEND) => {
      const response = await fetch(`${room}/events/${type}`, {
        method: "POST",
        headers: { ...headers, "Idempotency-Key": key },
        body: JSON.stringify(body),
      });
      return [response.status, await response.json()] as const;
    };
    expect(await say("status", "s-0", { status: "paid" })).toMatchObject([
      422,
      { error: { code: "not_placed" } },
    ]);
    expect((await say("placed", "p-1", { buyer: "ada" }))[0]).toBe(201);
    expect((await say("status", "s-1", { status: "shipped" }))[0]).toBe(201);
    expect(await say("status", "s-1", { status: "shipped" })).toMatchObject([
      200,
      { duplicate: true },
    ]);
    expect(await say("status", "s-2", { status: "packed" })).toMatchObject([
      422,
      { error: { code: "out_of_order" } },
    ]);
    const buyer = as("ada", { "order:17": ["read", "write"] });
    expect(await say("status", "s-3", { status: "delivered" }, buyer)).toMatchObject([
      403,
      { error: { code: "access_denied" } },
    ]);
    const state = await fetch(`${room}/state`, { headers: buyer });
    expect(await state.json()).toMatchObject({ seq: 2, state: { status: "shipped" } });
    const titles = async () => {
      const inbox = await fetch(`${url}/v1/users/ada/notifications`, { headers: BACKEND });
      const { notifications } = (await inbox.json()) as { notifications: { title: string }[] };
      return notifications.map(({ title }) => title);
    };
    await expect.poll(titles, { timeout: 30_000 }).toEqual(["Your order is shipped"]);
  });
});

describe("poll", () => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.start("poll");
  });
  afterAll(() => example.stop());

  it("compiles", () => example.check());

  it("folds its state from votes, one a person", async () => {
    const { url } = example.server;
    const room = `${url}/v1/rooms/poll:lunch`;
    const opened = await fetch(`${url}/polls/lunch`, {
      method: "POST",
      body: JSON.stringify({ question: "Lunch?", options: ["soup", "ramen"] }),
    });
    expect(opened.status).toBe(201);
    const vote = async (userId: string, option: string) => {
      const headers = as(userId, { "poll:*": ["read", "write"] });
      const body = JSON.stringify({ option });
      const response = await fetch(`${room}/events/vote`, { method: "POST", headers, body });
      return [response.status, await response.json()] as const;
    };
    for (const userId of ["ada", "ben", "cy"]) expect((await vote(userId, "soup"))[0]).toBe(201);
    expect((await vote("ben", "ramen"))[0]).toBe(201);
    expect(await vote("ada", "steak")).toMatchObject([422, { error: { code: "no_such_option" } }]);
    const headers = as("dot", { "poll:*": ["read"] });
    const tally = await fetch(`${room}/query/tally?input={}`, { headers });
    expect(await tally.json()).toMatchObject({ output: { soup: 2, ramen: 1 } });
    const closed = await fetch(`${room}/events/closed`, {
      method: "POST",
      headers: BACKEND,
      body: JSON.stringify({ winner: "soup" }),
    });
    expect(closed.status).toBe(201);
    expect(await vote("ada", "ramen")).toMatchObject([410, { error: { code: "closed" } }]);
  });
});

describe("whiteboard", () => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.start("whiteboard");
  });
  afterAll(() => example.stop());

  it("compiles", () => example.check());

  it("keeps strokes, which only who drew them may erase", async () => {
    const room = `${example.server.url}/v1/rooms/board:lobby`;
    const say = async (userId: string, type: string, body: object) => {
      const headers = as(userId, { "board:*": ["read", "write"] });
      const url = `${room}/events/${type}`;
      const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
      return [response.status, await response.json()] as const;
    };
    const stroke = { color: "#b3261e", points: [1, 2, 3, 4] };
    expect(await say("ada", "drawn", stroke)).toMatchObject([201, { savedId: 1 }]);
    expect((await say("ada", "drawn", { ...stroke, points: [1, 2, 3] }))[0]).toBe(400);
    const theft = await say("ben", "erased", { id: 1 });
    expect(theft).toMatchObject([422, { error: { code: "not_yours" } }]);
    expect((await say("ben", "drawn", stroke))[0]).toBe(201);
    expect((await say("ada", "erased", { id: 1 }))[0]).toBe(201);
    const state = await fetch(`${room}/state`, { headers: as("ada", { "board:*": ["read"] }) });
    expect(await state.json()).toMatchObject({
      state: { strokes: [{ ...stroke, id: 2, by: "ben" }] },
    });
  });

  it("tells where somebody points as often as their screen draws, refuses none of it, and ends where they stop (P15.10, P15.11)", async () => {
    const ws = `${example.server.url.replace("http", "ws")}/v1/rooms/board:points/ws`;
    const enter = async (userId: string) => {
      const headers = as(userId, { "board:*": ["read", "write"] });
      const socket = new WebSocket(ws, "hibiki.v1.json", { headers });
      const told: { readonly type: string; readonly payload: { readonly data?: unknown } }[] = [];
      socket.on("message", (message) => {
        const frame = JSON.parse(String(message));
        told.push(...(frame.type === "batch" ? frame.payload : [frame]));
      });
      await until(() => told.some(({ type }) => type === "joined_room"));
      return { socket, told };
    };
    const [ada, ben] = [await enter("ada"), await enter("ben")];
    const color = "#1d4ed8";
    for (let x = 0; x < 180; x++) {
      ada.socket.send(JSON.stringify({ type: "presence", payload: { data: { x, y: 1, color } } }));
      await pause(1_000 / 60);
    }
    const seen = () => ben.told.filter(({ type }) => type === "user_updated");
    await until(() => (seen().at(-1)?.payload.data as { x: number } | undefined)?.x === 179);
    expect(seen().length).toBeGreaterThan(30);
    // Three seconds, and what a busy machine makes of them.
    expect(seen().length).toBeLessThan(170);
    expect(ada.told.filter(({ type }) => type === "error")).toEqual([]);
    const cem = await enter("cem");
    expect(cem.told[0]?.payload).toMatchObject({
      users: [{ userId: "ada", data: { x: 179, y: 1, color } }, { userId: "ben" }, {}],
    });
    for (const { socket } of [ada, ben, cem]) socket.terminate();
  });
});

describe("support-desk", () => {
  let example: Example;
  let moderator: HttpServer;
  let tickets: HttpServer;
  const told: string[] = [];
  const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
  beforeAll(async () => {
    moderator = await serve((asked) => {
      const verdict = asked.includes("refund me or else") ? "bad" : "fine";
      return { status: 200, body: JSON.stringify({ verdict }) };
    });
    tickets = await serve((body, headers) => {
      new Webhook(secret).verify(body, headers);
      told.push(body);
      return { status: 204, body: "" };
    });
    example = await Example.start("support-desk", {
      MODERATOR_URL: addressOf(moderator),
      TICKETS_URL: addressOf(tickets),
      TICKETS_SECRET: secret,
    });
  });
  afterAll(async () => {
    await example.stop();
    moderator.close();
    tickets.close();
  });

  it("compiles", () => example.check());

  it("lets in whom its own table names, refuses bad words, asks a moderator, and opens tickets", async () => {
    const { url } = example.server;
    const room = `${url}/v1/rooms/support-ada/messages`;
    const say = async (userId: string, content: string) => {
      const body = JSON.stringify({ content });
      const response = await fetch(room, { method: "POST", headers: as(userId), body });
      return [response.status, await response.json()] as const;
    };
    expect((await say("ada", "My cup is broken"))[0]).toBe(201);
    expect(await say("ben", "Mine too")).toMatchObject([403, { error: { code: "access_denied" } }]);
    const agent = await fetch(`${url}/desk/agents/cy`, { method: "PUT", headers: BACKEND });
    expect(agent.status).toBe(204);
    expect((await say("cy", "I am sorry to hear it"))[0]).toBe(201);
    expect(await say("ada", "You oaf")).toMatchObject([422, { error: { code: "bad_words" } }]);
    expect(await say("ada", "refund me or else")).toMatchObject([
      422,
      { error: { code: "moderated" } },
    ]);
    for (const [content, code] of [
      ["You oaf", "bad_words"],
      ["refund me or else", "moderated"],
    ]) {
      const body = JSON.stringify({ content });
      const edit = await fetch(`${room}/1`, { method: "PATCH", headers: as("ada"), body });
      expect([edit.status, await edit.json()]).toMatchObject([422, { error: { code } }]);
    }
    await until(() => told.length >= 2);
    expect(told.map((body) => JSON.parse(body).data.payload.content)).toEqual([
      "My cup is broken",
      "I am sorry to hear it",
    ]);
  });
});

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A service of somebody else's, on a port of its own. */
function serve(
  answer: (body: string, headers: Record<string, string>) => Answer,
): Promise<HttpServer> {
  const server = createServer(async (request, response) => {
    const { status, body } = answer(
      await text(request),
      Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, `${value}`]),
      ),
    );
    response.writeHead(status).end(body);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

function addressOf(server: HttpServer): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("socketio-chat", () => {
  let example: Example;
  const clients: StockClient[] = [];
  beforeAll(async () => {
    example = await Example.start("socketio-chat");
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await example.stop();
  });

  it("compiles", () => example.check());

  it("is a server of Socket.IO for stock clients", async () => {
    const come = (name: string) => {
      const client = new StockClient(example.server.url, name, "default", { auth: { name } });
      clients.push(client);
      return client.connected();
    };
    const [ann, bob] = [await come("ann"), await come("bob")];
    for (const client of [ann, bob]) await client.ask("join_room", "tea");
    await bob.ask("send_message", { room: "tea", message: "響き" });
    const heard = { room: "tea", name: "bob", message: "響き" };
    expect(await ann.hears("receive_message")).toEqual([heard]);
  });
});
