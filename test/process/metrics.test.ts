import { afterAll, beforeAll, expect, it, vi } from "vitest";
import WebSocket from "ws";
import { parseExposition, seriesValue } from "../support/exposition-parser.ts";
import { SECRETS, Server } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { StockClient } from "./support/stock-client.ts";

const BACKEND = { headers: { authorization: `Bearer ${SECRETS.API_KEY}` } };
const PATIENCE = { timeout: 20_000, interval: 250 };

let server: Server;
beforeAll(async () => {
  // A room that a crash emptied says so when its alarm comes: at the sweep, at the latest.
  server = await Server.start({ METRICS_REPORT_MS: "500", HEARTBEAT_SWEEP_MS: "3000" });
});
afterAll(() => server.stop());

async function connect(room: string, user: string): Promise<WebSocket> {
  const token = tokenFor(user, SECRETS.AUTH_SECRET);
  const url = `ws://127.0.0.1:${server.port}/v1/rooms/${room}/ws`;
  const socket = new WebSocket(url, ["hibiki.v1.json", `bearer.${token}`]);
  await new Promise((resolve, reject) => socket.once("message", resolve).once("error", reject));
  return socket;
}

async function metric(name: string, labels?: Record<string, string>): Promise<number> {
  const response = await fetch(`${server.url}/v1/metrics`, BACKEND);
  expect(response.status).toBe(200);
  return seriesValue(parseExposition(await response.text()), name, labels);
}

async function abnormal(): Promise<number> {
  const response = await fetch(`${server.url}/v1/metrics`, BACKEND);
  const ended = parseExposition(await response.text()).get("hibiki_disconnects_total")?.samples;
  return (ended ?? [])
    .filter(({ labels }) => labels.get("clean") === "false")
    .reduce((sum, { value }) => sum + value, 0);
}

it("counts a client that vanishes, says so in the log, and takes it off the gauges", async () => {
  const ada = await connect("abrupt", "ada");
  const ben = await connect("abrupt", "ben");
  await vi.waitFor(async () => expect(await metric("hibiki_connections")).toBe(2), PATIENCE);
  expect(await metric("hibiki_rooms")).toBe(1);
  expect(await abnormal()).toBe(0);

  ada.terminate();
  await vi.waitFor(async () => expect(await abnormal()).toBe(1), PATIENCE);
  expect(await metric("hibiki_connections")).toBe(1);
  const line = server.output.split("\n").find((some) => some.includes('"abnormal_disconnect"'));
  expect(JSON.parse(line ?? "{}")).toMatchObject({
    event: "abnormal_disconnect",
    room: "abrupt",
    userId: "ada",
    code: 1006,
    clean: false,
    durationMs: expect.any(Number),
  });

  ben.close(1000);
  await vi.waitFor(async () => expect(await metric("hibiki_connections")).toBe(0), PATIENCE);
  expect(await metric("hibiki_rooms")).toBe(0);
  expect(await metric("hibiki_disconnects_total", { code: "1000", clean: "true" })).toBe(1);
  const stats = await fetch(`${server.url}/v1/rooms/abrupt/stats`, BACKEND);
  expect(await stats.json()).toMatchObject({
    connections: 0,
    peak: 2,
    disconnects: { "1000": { clean: 1 }, "1006": { abnormal: 1 } },
  });
});

it("counts clients of Socket.IO by how they came, what they came back to, and who polls (P21.1)", async () => {
  const quick = { reconnectionDelay: 50 };
  const clients = {
    websocket: await new StockClient(server.url, "wes", "websocket", quick).connected(),
    polling: await new StockClient(server.url, "pol", "polling").connected(),
    default: await new StockClient(server.url, "def", "default").connected(),
  };
  const all = Object.values(clients);
  for (const client of all) await client.ask("join_room", "counted");
  const { socket } = clients.default;
  await vi.waitFor(() => expect(socket.io.engine.transport.name).toBe("websocket"), PATIENCE);
  clients.websocket.cut();
  await vi.waitFor(() => expect(clients.websocket.recovered).toEqual([false, true]), PATIENCE);
  const url = `ws://127.0.0.1:${server.port}/v1/ws`;
  const token = tokenFor("mux", SECRETS.AUTH_SECRET);
  const many = new WebSocket(url, ["hibiki.v1.json", `bearer.${token}`]);
  await new Promise((resolve) => many.once("open", resolve));
  const session = (transport: string) => metric("hibiki_gateway_sessions_total", { transport });
  await vi.waitFor(async () => {
    expect(await metric("hibiki_socketio_recoveries_total", { outcome: "recovered" })).toBe(1);
    expect(await session("socketio_websocket")).toBe(2);
    expect(await session("socketio_polling")).toBe(2);
    expect(await session("socketio_upgraded")).toBe(1);
    expect(await session("multiplexed")).toBe(1);
    const entered = { transport: "socketio_polling" };
    expect(await metric("hibiki_connects_total", entered)).toBeGreaterThan(0);
  }, PATIENCE);
  // The one that changed is let go of seconds later.
  const polling = () => metric("hibiki_socketio_polling_clients", { hub: "0" });
  await vi.waitFor(async () => expect(await polling()).toBe(1), PATIENCE);
  for (const client of all) client.close();
  many.close();
  await vi.waitFor(async () => expect(await polling()).toBe(0), PATIENCE);
});

it("counts what the edge refuses before any room is asked", async () => {
  const labels = { code: "unauthorized" };
  const before = await metric("hibiki_refusals_total", labels);
  for (let i = 0; i < 5; i++) await fetch(`${server.url}/v1/rooms/x/messages`);
  const after = () => metric("hibiki_refusals_total", labels);
  await vi.waitFor(async () => expect(await after()).toBe(before + 5), PATIENCE);
});

it("takes a room that a crash emptied off the gauges, and keeps every total", async () => {
  const ada = await connect("crashed", "ada");
  ada.on("error", () => {});
  ada.send(
    JSON.stringify({ type: "send_message", messageId: "m", payload: { content: "stored" } }),
  );
  await vi.waitFor(async () => expect(await metric("hibiki_connections")).toBe(1), PATIENCE);
  await vi.waitFor(async () => expect(await metric("hibiki_messages_total")).toBe(1), PATIENCE);
  const connects = await metric("hibiki_connects_total", { transport: "websocket" });
  await server.kill();
  await server.up();
  expect(await metric("hibiki_messages_total")).toBe(1);
  expect(await metric("hibiki_connects_total", { transport: "websocket" })).toBe(connects);
  // The room's alarm outlived it.
  await vi.waitFor(async () => expect(await metric("hibiki_connections")).toBe(0), PATIENCE);
});
