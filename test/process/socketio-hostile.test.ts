import { afterAll, beforeAll, expect, it } from "vitest";
import WebSocket from "ws";
import { seededRandom } from "../../src/testing/seeded-random.ts";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { freePort } from "../support/machine/port.ts";

import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";
import { StockClient } from "./support/stock-client.ts";
import { until } from "./support/until.ts";

const SOCKETS = 340;
const PACKETS_EACH = 30;

let app: BareServer;
let echo: BareServer;
beforeAll(async () => {
  app = await BareServer.start({}, { socketio: true });
  const bundle = bundleOf(`${ROOT}/test/fixtures/socketio/echo-worker.ts`);
  const times = { SOCKETIO_PING_INTERVAL_MS: "300", SOCKETIO_PING_TIMEOUT_MS: "200" };
  echo = await BareServer.start(times, { socketio: true, bundle });
});
afterAll(() => Promise.all([app.stop(), echo.stop()]));

function address(server: BareServer, query: string): string {
  return `${server.url}/socket.io/?EIO=4&transport=polling${query}`;
}

function socketAddress(server: BareServer, query = ""): string {
  return `${server.url}/socket.io/?EIO=4&transport=websocket${query}`.replace("http", "ws");
}

async function opened(server: BareServer): Promise<string> {
  const text = await (await fetch(address(server, ""))).text();
  return `&sid=${JSON.parse(text.slice(1)).sid}`;
}

async function posted(server: BareServer, sid: string, body: string): Promise<number> {
  return (await fetch(address(server, sid), { method: "POST", body })).status;
}

it("is unharmed by thousands of packets that are none, and so are others (P21.1, P21.10)", async () => {
  const ann = await new StockClient(app.url, "ann", "websocket").connected();
  await ann.ask("join_room", "calm");
  const random = seededRandom(7);
  const token = tokenFor("mallory", SECRETS.AUTH_SECRET);
  let ended = 0;
  const beforeBytes = app.usage().rssBytes;
  app.forgetPeak();
  for (let n = 0; n < SOCKETS; n++) {
    const socket = new WebSocket(socketAddress(app));
    socket.on("close", () => {
      ended += 1;
    });
    await new Promise((resolve) => socket.once("message", resolve));
    if (n % 2 === 0) {
      socket.send(`40${JSON.stringify({ token })}`);
      await new Promise((resolve) => socket.once("message", resolve));
    }
    for (let packet = 0; packet < PACKETS_EACH; packet++) {
      const made = PIECES.map((piece) => (random() < 0.3 ? piece : "")).join("");
      socket.send(random() < 0.8 ? `4${made}` : made);
    }
    if (random() < 0.1) socket.send(new Uint8Array(10));
  }
  await until(
    () => ended > SOCKETS * 0.9,
    () => ended,
    10_000,
  );
  for (let n = 0; n < 100; n++) {
    const sid = await opened(app);
    expect([200, 400]).toContain(
      await posted(app, sid, PIECES.filter(() => random() < 0.4).join("\x1e")),
    );
  }
  expect(await ann.ask("send_message", { room: "calm", message: "still here" })).toMatchObject({
    success: true,
  });
  const mib = [beforeBytes, app.peakBytes].map((bytes) => Math.round(bytes / 2 ** 20));
  const packets = SOCKETS * PACKETS_EACH;
  console.log(JSON.stringify({ test: "socketio-hostile", packets, ended, mib }));
  expect((mib[1] ?? 0) - (mib[0] ?? 0)).toBeLessThan(256);
  expect(ann.ended).toEqual([]);
  expect(app.output).not.toMatch(/uncaught|exception/i);
  ann.close();
});

/** What hostile packets are put together from. */
const PIECES = [
  ...[
    "4",
    "0",
    "2",
    "51-",
    "42",
    "4999999",
    "b!!",
    "5",
    "/x,",
    "/,",
    '{"token":1}',
    "[",
    '["',
    "]",
  ],
  ...['["join_room",{"room":[]}]', '["send_message"]', '{"_placeholder":true,"num":9}', "[[[["],
  ...['["__proto__",{"__proto__":1}]', "\ud800", "null", "1", "9", "\x1e"],
];

it("takes at most 1,000,000 bytes at once, by polls and by WebSockets", async () => {
  const sid = await opened(echo);
  expect(await posted(echo, sid, `4${"x".repeat(1_000_000)}`)).toBe(413);
  expect(await posted(echo, sid, `4${"x".repeat(999_000)}`)).toBe(200);
  const socket = new WebSocket(socketAddress(echo));
  await new Promise((resolve) => socket.once("message", resolve));
  const code = new Promise((resolve) => socket.once("close", resolve));
  socket.send(`4${"x".repeat(1_000_001)}`);
  expect(await code).toBe(1009);
});

it("knows in time that a client is gone which answers no ping", async () => {
  const began = performance.now();
  const socket = new WebSocket(socketAddress(echo));
  await new Promise((resolve) => socket.once("close", resolve));
  expect(performance.now() - began).toBeLessThan(3_000);
  const sid = await opened(echo);
  await pause(700);
  expect((await fetch(address(echo, sid))).status).toBe(400);
});

it("takes no id that is none, and no second one beside a client's own", async () => {
  for (const sid of ["x", "0.x", `0.${"a".repeat(24)}`, `7.${"a".repeat(24)}`, "0.%00", "-1.a"]) {
    expect((await fetch(address(echo, `&sid=${sid}`))).status, sid).toBe(400);
  }
  const sid = await opened(echo);
  const polls = [fetch(address(echo, sid)), pause(20).then(() => fetch(address(echo, sid)))];
  const [first, second] = await Promise.all(polls);
  expect([first?.status, second?.status]).toEqual([200, 400]);
  let isOver = false;
  const stranger = new WebSocket(socketAddress(echo, sid));
  stranger.on("close", () => {
    isOver = true;
  });
  await until(() => isOver, undefined, 2_000);
});

it("serves one client's polls by whichever Worker they come to, with or without the last slash (P21.1)", async () => {
  const objectsPort = await freePort();
  const bundle = bundleOf(`${ROOT}/test/fixtures/socketio/echo-worker.ts`);
  const options = { socketio: true, bundle, objectsBundle: bundle, objectsPort };
  const two = await BareServer.start({ SOCKETIO_HUBS: "3" }, options);
  try {
    const at = (worker: number, sid = "") => {
      const port = worker % 2 === 0 ? two.port : objectsPort;
      const slash = worker % 3 === 0 ? "" : "/";
      return `http://127.0.0.1:${port}/socket.io${slash}?EIO=4&transport=polling${sid}`;
    };
    for (let client = 0; client < 10; client++) {
      const sid = `&sid=${JSON.parse((await (await fetch(at(client))).text()).slice(1)).sid}`;
      for (let n = 0; n < 6; n++) {
        expect((await fetch(at(n, sid), { method: "POST", body: `4${n}` })).status).toBe(200);
        expect(await (await fetch(at(n + 1, sid))).text()).toBe(`4${n}`);
      }
      const waiting = fetch(at(0, sid));
      await pause(50);
      const second = await fetch(at(1, sid));
      expect([(await waiting).status, second.status]).toEqual([200, 400]);
      expect((await fetch(at(1, sid))).status).toBe(400);
    }
  } finally {
    await two.stop();
  }
});

it("has so many clients of one address that poll, and no more", async () => {
  const few = await BareServer.start({ LIMIT_CONNECTIONS_PER_IP: "3" }, { socketio: true });
  try {
    for (let client = 0; client < 3; client++) await opened(few);
    const refused = await fetch(address(few, ""));
    expect([refused.status, await refused.json()]).toMatchObject([400, { code: 3 }]);
  } finally {
    await few.stop();
  }
});
