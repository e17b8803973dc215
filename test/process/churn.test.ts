import { afterAll, beforeAll, expect, it } from "vitest";
import { Connection } from "../bench/load/connection.ts";
import { SharedFrames } from "../bench/load/shared-frame.ts";
import { AUTH_SECRET, hibikiDialect } from "../bench/servers/hibiki-dialect.ts";
import { requireOpenFiles } from "../support/machine/file-limit.ts";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";

const ROOM = "station";
const CONNECTIONS = fromEnv("CHURN_CONNECTIONS", 2_000);
const WAVES = fromEnv("CHURN_WAVES", 2);
const SETTLE_MS = 10_000;
/** How much a later wave may add to the server's memory, as a share of what the first one added. */
const KEPT_SHARE = 0.5;

let server: BareServer;
beforeAll(async () => {
  requireOpenFiles(CONNECTIONS * 2 + 200);
  server = await BareServer.start({ AUTH_SECRET });
});
afterAll(() => server.stop());

it(`is as it was after ${CONNECTIONS} connections came and went at once, ${WAVES} times`, async () => {
  const witness = await open(CONNECTIONS);
  const atRest = server.usage().rssBytes;
  const waves: object[] = [];
  const rss: number[] = [];
  for (let wave = 0; wave < WAVES; wave++) {
    const startedAt = performance.now();
    const cpuBefore = server.usage().cpuMs;
    const connections = await Promise.all(
      Array.from({ length: CONNECTIONS }, (_, index) => open(index)),
    );
    const openMs = performance.now() - startedAt;
    const here = (await users()).length;
    const full = server.usage().rssBytes;
    const cutAt = performance.now();
    // Half say goodbye, half are cut off; nobody waits for anybody.
    connections.forEach((connection, index) => {
      if (index % 2 === 0) connection.send(`{"type":"leave_room"}`);
      else connection.close();
    });
    while ((await users()).length > 1 && performance.now() < cutAt + SETTLE_MS) await pause(50);
    const goneMs = performance.now() - cutAt;
    for (const connection of connections) connection.close();
    await pause(300);
    rss.push(server.usage().rssBytes);
    waves.push({
      openMs: Math.round(openMs),
      here,
      goneMs: Math.round(goneMs),
      cpuMs: server.usage().cpuMs - cpuBefore,
      rssFullMb: Math.round(full / 1e6),
      rssAfterMb: Math.round((rss.at(-1) ?? 0) / 1e6),
    });
  }
  const left = await users();
  const askedAt = performance.now();
  const answer = await say("still here");
  const answerMs = performance.now() - askedAt;
  witness.close();

  console.log(
    JSON.stringify({
      test: "churn",
      connections: CONNECTIONS,
      rssAtRestMb: Math.round(atRest / 1e6),
      waves,
      left: left.length,
      answerMs: Math.round(answerMs * 10) / 10,
    }),
  );
  for (const wave of waves) expect(wave).toMatchObject({ here: CONNECTIONS + 1 });
  expect(left).toEqual([`user-${CONNECTIONS}`]);
  expect(witness.lost).toBe(false);
  expect(answer).toBe(201);
  // A heap grows to its working size and stays there; a leak would take as much again each time.
  const [first = 0, last = 0] = [rss[0], rss.at(-1)];
  expect((last - first) / (WAVES - 1)).toBeLessThan((first - atRest) * KEPT_SHARE);
});

async function open(index: number): Promise<Connection> {
  const dialect = hibikiDialect(server.port, { wire: "json", room: ROOM });
  const { connection } = await Connection.open({
    entrance: dialect.entrance(index),
    dialect,
    listener: { messages: () => {}, answered: () => {} },
    shared: new SharedFrames(2),
    isSender: false,
  });
  return connection;
}

async function users(): Promise<readonly string[]> {
  const response = await fetch(`${server.url}/v1/rooms/${ROOM}/users`, { headers: backend() });
  const { users } = (await response.json()) as { users: { userId: string }[] };
  return users.map(({ userId }) => userId);
}

async function say(content: string): Promise<number> {
  const response = await fetch(`${server.url}/v1/rooms/${ROOM}/messages?as=porter`, {
    method: "POST",
    headers: { ...backend(), "Idempotency-Key": "once" },
    body: JSON.stringify({ content }),
  });
  return response.status;
}

function backend() {
  return { Authorization: `Bearer ${SECRETS.API_KEY}` };
}
