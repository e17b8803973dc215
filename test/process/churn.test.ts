import { afterAll, beforeAll, expect, it } from "vitest";
import { Connection } from "../bench/load/connection.ts";
import { SharedFrames } from "../bench/load/shared-frame.ts";
import { hibikiDialect } from "../bench/servers/hibiki-dialect.ts";
import { requireOpenFiles } from "../support/machine/file-limit.ts";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { Backend } from "./support/backend.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { Member } from "./support/member.ts";

const ROOM = "station";
const CONNECTIONS = fromEnv("CHURN_CONNECTIONS", 2_000);
/** The second one often finds that the heap was still growing to its working size; the third does not. */
const WAVES = fromEnv("CHURN_WAVES", 3);
/**
 * So many are on their way in at once: workerd closes whoever has said nothing 15 s after it was accepted
 * (kj's `headerTimeout`), which on a busy machine befell some of two thousand.
 */
const LANES = Math.ceil(CONNECTIONS / 10);
/** Nobody stays listed longer than this after going: a heartbeat that is missed would take far longer. */
const GONE_WITHIN_MS = 15_000;
/** How much a later wave may add to the server's memory, as a share of what the first one added. */
const KEPT_SHARE = 0.5;

/** One coming and going of all. */
interface Wave {
  readonly openMs: number;
  /** How many were there at once, the witness included. */
  readonly here: number;
  readonly goneMs: number;
  readonly cpuMs: number;
  readonly rssFullMb: number;
  readonly rssAfterMb: number;
}

let server: BareServer;
let backend: Backend;
beforeAll(async () => {
  requireOpenFiles(CONNECTIONS * 2 + 200);
  server = await BareServer.start();
  backend = new Backend(server.url, ROOM);
});
afterAll(() => server.stop());

it(`is as it was after ${CONNECTIONS} connections came and went at once, ${WAVES} times, and once as they came`, async () => {
  const witness = new Member(server.port, ROOM, "witness");
  await witness.join();
  const atRest = server.usage().rssBytes;
  const waves: Wave[] = [];
  const rss: number[] = [];
  for (let wave = 0; wave < WAVES; wave++) {
    const startedAt = performance.now();
    const cpuBefore = server.usage().cpuMs;
    const connections: Connection[] = [];
    await inLanes(async (index) => void connections.push(await open(index)));
    const openMs = performance.now() - startedAt;
    const here = (await backend.users()).length;
    const full = server.usage().rssBytes;
    connections.forEach(goAway);
    const goneMs = await untilAlone();
    for (const connection of connections) connection.close();
    await pause(300);
    rss.push(server.usage().rssBytes);
    waves.push({
      openMs: Math.round(openMs),
      here,
      goneMs,
      cpuMs: server.usage().cpuMs - cpuBefore,
      rssFullMb: Math.round(full / 1e6),
      rssAfterMb: Math.round((rss.at(-1) ?? 0) / 1e6),
    });
  }
  const { passing, overlapping } = await passThrough(() => witness.count("user_left"));
  const passedMs = await untilAlone();
  for (const connection of passing) connection.close();
  const left = await backend.users();
  const askedAt = performance.now();
  const answer = await backend.send("porter", "once", "still here");
  const answerMs = performance.now() - askedAt;
  await pause(300);
  witness.leave();

  const [joined, gone] = [witness.count("user_joined"), witness.count("user_left")];
  console.log(
    JSON.stringify({
      test: "churn",
      connections: CONNECTIONS,
      rssAtRestMb: Math.round(atRest / 1e6),
      waves,
      passedMs,
      openedAfterSomebodyLeft: overlapping,
      userJoined: joined,
      userLeft: gone,
      left: left.length,
      answerMs: Math.round(answerMs * 10) / 10,
    }),
  );
  for (const { here } of waves) expect(here).toBe(CONNECTIONS + 1);
  for (const goneMs of [...waves.map(({ goneMs }) => goneMs), passedMs]) {
    expect(goneMs).toBeLessThan(GONE_WITHIN_MS);
  }
  expect(overlapping).toBeGreaterThan(CONNECTIONS / 2);
  expect(left).toEqual([witness.userId]);
  expect(joined).toBe(CONNECTIONS * (WAVES + 1));
  expect(gone).toBe(joined);
  expect(answer.status).toBe(201);
  // A heap grows to its working size and stays there; a leak would take as much again each time.
  const [first = 0, last = 0] = [rss[0], rss.at(-1)];
  if (WAVES > 1) {
    expect((last - first) / (WAVES - 1)).toBeLessThan((first - atRest) * KEPT_SHARE);
  }
});

/** Does something for everyone, for so many side by side. */
async function inLanes(does: (index: number) => Promise<void>): Promise<void> {
  const lane = async (first: number) => {
    for (let index = first; index < CONNECTIONS; index += LANES) await does(index);
  };
  await Promise.all(Array.from({ length: LANES }, (_, first) => lane(first)));
}

async function open(index: number): Promise<Connection> {
  const token = tokenFor(`user-${index}`, SECRETS.AUTH_SECRET);
  const { connection } = await Connection.open({
    entrance: {
      port: server.port,
      target: `/v1/rooms/${ROOM}/ws?history=0`,
      headers: { "Sec-WebSocket-Protocol": `hibiki.v1.json, bearer.${token}` },
    },
    dialect: hibikiDialect(server.port, { wire: "json" }),
    listener: { messages: () => {}, answered: () => {} },
    shared: new SharedFrames(2),
    isSender: false,
  });
  return connection;
}

/** Everyone comes, and goes as soon as they are in, many side by side: some go while others come. */
async function passThrough(leftSoFar: () => number) {
  const before = leftSoFar();
  const passing: Connection[] = [];
  let overlapping = 0;
  await inLanes(async (index) => {
    const connection = await open(index);
    if (leftSoFar() > before) overlapping += 1;
    goAway(connection, index);
    passing.push(connection);
  });
  return { passing, overlapping };
}

/** Half say goodbye, half are cut off; nobody waits for anybody. */
function goAway(connection: Connection, index: number): void {
  if (index % 2 === 0) connection.send(`{"type":"leave_room"}`);
  else connection.close();
}

/** How long until the witness alone is listed, or longer than it should take. */
async function untilAlone(): Promise<number> {
  const from = performance.now();
  const elapsed = () => Math.round(performance.now() - from);
  while ((await backend.users()).length > 1 && elapsed() < 2 * GONE_WITHIN_MS) await pause(50);
  return elapsed();
}
