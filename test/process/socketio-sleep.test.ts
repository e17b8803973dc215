import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { pause } from "../support/pause.ts";
import { BareServer } from "./support/bare-server.ts";
import { StockClient } from "./support/stock-client.ts";
import { until } from "./support/until.ts";

/** 20 here; SOCKETIO_SLEEPERS=100 is the whole of it. */
const CLIENTS = Number(process.env["SOCKETIO_SLEEPERS"] ?? "20");
/**
 * workerd lets an object sleep that nothing came to for 10 s. SOCKETIO_SILENT_MS=600000 is ten minutes,
 * by the pings that there are by default.
 */
const SILENT_MS = Number(process.env["SOCKETIO_SILENT_MS"] ?? "14000");
/** `HEARTBEAT_SWEEP_MS`, as it is by default. */
const SWEEP_MS = 120_000;
const IS_LONG = SILENT_MS >= 60_000;
const SETTINGS = {
  // They come while rooms and hubs sleep.
  ...(IS_LONG ? {} : { SOCKETIO_PING_INTERVAL_MS: "3000", SOCKETIO_PING_TIMEOUT_MS: "2000" }),
  // A report is due 8 s after the last event, from which the platform would count once more.
  METRICS_REPORT_MS: "0",
};

let server: BareServer;
beforeAll(async () => {
  const bundle = bundleOf(join(ROOT, "test", "fixtures", "kinds", "sleepy-worker.ts"));
  server = await BareServer.start(SETTINGS, { bundle, socketio: true });
});
afterAll(() => server.stop());

/** How often the platform has made an object of this name. */
const made = (name: string) => server.output.split(`[made ${name}]`).length - 1;

it(
  "lets rooms and hubs sleep under stock clients, whose pings wake neither, and all go on where they were (P21.1, P21.7)",
  async () => {
    const room = "sleepers";
    const clients = await Promise.all(
      Array.from({ length: CLIENTS }, (_, n) =>
        new StockClient(server.url, `s${n}`, n % 2 === 0 ? "websocket" : "default").connected(),
      ),
    );
    const engines = () => clients.map(({ socket }) => socket.io.engine.transport.name);
    await until(() => engines().every((name) => name === "websocket"), engines, 10_000);
    for (const client of clients) await client.ask("join_room", room);
    const everyone = () => clients.map((one) => one.named("new_message").length);
    const say = async (client: StockClient | undefined, text: string) =>
      expect(
        await client?.ask("send_message", { room, message: text, messageId: text }),
      ).toMatchObject({ success: true });
    await say(clients[0], "before");
    await until(() => everyone().every((count) => count === 1), everyone);
    const ids = clients.map(({ socket }) => socket.id);
    const [rooms, hubs] = [made(room), made("sio:0")];

    const before = server.usage().cpuMs;
    await pause(SILENT_MS);
    const cpuMs = Math.round(server.usage().cpuMs - before);
    const heard = clients.map((one) => one.heard.length);
    expect(made("sio:0")).toBe(hubs);
    await say(clients.at(-1), "after");
    await until(() => everyone().every((count) => count === 2), everyone);
    console.log(
      JSON.stringify({
        ...{ test: "socketio-sleep", clients: CLIENTS, silentMs: SILENT_MS, cpuMs, hubs },
        rooms: [rooms, made(room)],
      }),
    );
    // By the message; and by its sweeps for those who are gone, one in two minutes.
    expect(made(room) - rooms).toBeGreaterThanOrEqual(1);
    expect(made(room) - rooms).toBeLessThanOrEqual(1 + SILENT_MS / SWEEP_MS);
    for (const [n, client] of clients.entries()) {
      expect([client.socket.id, client.ids.length, client.ended]).toEqual([ids[n], 1, []]);
      const texts = client.named("new_message").map((one) => one["message"] ?? one["content"]);
      expect(texts).toHaveLength(2);
      // Of the sleep and the wake nobody was told a thing but the message, each way that it is told.
      const since = client.heard.slice(heard[n]).map(({ name }) => name);
      expect(since.filter((name) => !/message|^ack:after$/.test(name))).toEqual([]);
    }
    // The hub slept too, since the last of them had changed to its WebSocket.
    const late = await new StockClient(server.url, "late", "polling").connected();
    expect(made("sio:0")).toBe(hubs + 1);
    for (const client of [...clients, late]) client.close();
  },
  120_000 + SILENT_MS,
);
