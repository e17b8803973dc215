import { afterAll, beforeAll, expect, it } from "vitest";
import { Connection } from "../bench/load/connection.ts";
import { contentOf } from "../bench/load/message.ts";
import { SharedFrames } from "../bench/load/shared-frame.ts";
import { hibikiDialect } from "../bench/servers/hibiki-dialect.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { Backend } from "./support/backend.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { Member } from "./support/member.ts";
import { sum } from "./support/sum.ts";
import { until } from "./support/until.ts";

const ROOM = "square";
const READERS = fromEnv("BURST_READERS", 300);
const MESSAGES = fromEnv("BURST_MESSAGES", 1_000);
const SENDERS = 4;
const CONTENT_BYTES = 2_000;
/** How much more than at rest the server may have at its worst while it tells the burst. */
const ALLOWED_MB = 150;

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start();
});
afterAll(() => server.stop());

it(`tells ${READERS} plain readers a burst of ${MESSAGES} messages once and in order, in bounded memory`, async () => {
  const shared = new SharedFrames(SENDERS);
  const readers = await Promise.all(
    Array.from({ length: READERS }, (_, index) => open(index, shared)),
  );
  const senders = Array.from(
    { length: SENDERS },
    (_, i) => new Member(server.port, ROOM, `sender-${i}`),
  );
  await Promise.all(senders.map((sender) => sender.join()));
  const atRest = server.usage().rssBytes;
  server.forgetPeak();

  const startedAt = performance.now();
  for (let id = 0; id < MESSAGES; id++) {
    const payload = { content: contentOf(id, CONTENT_BYTES) };
    senders[id % SENDERS]?.send({ type: "send_message", messageId: `burst-${id}`, payload });
  }
  await until(
    () => readers.every(({ numbers }) => numbers.length >= MESSAGES),
    () => readers.map(({ numbers }) => numbers.length),
  );
  const toldMs = Math.round(performance.now() - startedAt);
  const peak = server.peakBytes;
  const history = await new Backend(server.url, ROOM).history();
  for (const { connection } of readers) connection.close();
  for (const sender of senders) sender.leave();

  const grownMb = Math.round((peak - atRest) / 1e6);
  const toldMb = Math.round(sum(readers, ({ connection }) => connection.bytes) / 1e6);
  console.log(
    JSON.stringify({
      test: "burst",
      readers: READERS,
      messages: MESSAGES,
      toldMb,
      toldMs,
      rssAtRestMb: Math.round(atRest / 1e6),
      rssPeakGrownMb: grownMb,
      allowedMb: ALLOWED_MB,
    }),
  );
  const stored = history.map(({ content = "" }) => Number(/\d+/.exec(content)?.[0]));
  expect(new Set(stored).size).toBe(MESSAGES);
  for (const { numbers } of readers) expect(numbers).toEqual(stored);
  // Or whatever it queues would have been little enough.
  expect(toldMb).toBeGreaterThan(3 * ALLOWED_MB);
  expect(grownMb).toBeLessThan(ALLOWED_MB);
});

/** A reader without a subprotocol, and the number of every message that came. */
async function open(index: number, shared: SharedFrames) {
  const numbers: number[] = [];
  const { connection } = await Connection.open({
    entrance: {
      port: server.port,
      target: `/v1/rooms/${ROOM}/ws?history=0`,
      headers: { Authorization: `Bearer ${tokenFor(`reader-${index}`, SECRETS.AUTH_SECRET)}` },
    },
    dialect: hibikiDialect(server.port, { wire: "plain" }),
    listener: { messages: (some) => numbers.push(...some), answered: () => {} },
    shared,
    isSender: false,
  });
  return { connection, numbers };
}
