import { afterAll, beforeAll, expect, it } from "vitest";
import { RAISED_LIMITS } from "../support/raised-limits.ts";
import { SECRETS, Server } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { Backend } from "./support/backend.ts";
import { Sender } from "./support/sender.ts";
import { seqsTo } from "./support/seqs-to.ts";
import { sum } from "./support/sum.ts";
import { until } from "./support/until.ts";

const CLIENTS = 5;
const EACH = 100;
const KILL_AFTER_ACKS = 200;
const ROOM = "crash";

let server: Server;
beforeAll(async () => {
  server = await Server.start(RAISED_LIMITS);
});
afterAll(() => server.stop());

it("keeps every acked message once, in order, and shows all the same log, over a SIGKILL (P5.1)", async () => {
  const senders = Array.from({ length: CLIENTS }, (_, client) => {
    const url = `ws://127.0.0.1:${server.port}/v1/rooms/${ROOM}/ws`;
    const token = tokenFor(`user-${client}`, SECRETS.AUTH_SECRET);
    return new Sender(url, token, messageIds(client));
  });
  const standing = () => senders.map(({ acked, head }) => ({ acked: acked.size, head }));
  await Promise.all(senders.map((sender) => sender.connect()));
  await until(() => sum(senders, ({ acked }) => acked.size) >= KILL_AFTER_ACKS, standing);

  await server.kill();
  for (const sender of senders) sender.drop();
  const ackedBefore = new Map(senders.flatMap(({ acked }) => [...acked]));
  const seenBefore = senders.map(({ seen }) => seen.length);
  const killedAt = Date.now();
  await server.up();
  const upAt = Date.now();
  await Promise.all(senders.map((sender) => sender.connect()));
  await until(() => senders.every((sender) => sender.isDone), standing);
  await until(() => senders.every(({ head }) => head >= CLIENTS * EACH), standing);

  const history = await new Backend(server.url, ROOM).history();
  const stored = history.map(({ seq, messageId = "" }) => ({ seq, messageId }));
  const storedSeqs = new Map(stored.map(({ messageId, seq }) => [messageId, seq]));
  console.log(
    JSON.stringify({
      test: "crash",
      sent: CLIENTS * EACH,
      ackedBeforeKill: ackedBefore.size,
      seenBeforeKill: seenBefore,
      resent: sum(senders, ({ resent }) => resent),
      duplicatesAnswered: sum(senders, ({ duplicates }) => duplicates),
      recoveredClients: sum(senders, ({ recoveries }) => recoveries),
      stored: stored.length,
      restartMs: upAt - killedAt,
      recoverMs: Date.now() - upAt,
    }),
  );
  expect(stored.map(({ seq }) => seq)).toEqual(seqsTo(CLIENTS * EACH));
  expect(storedSeqs.size).toBe(CLIENTS * EACH);
  for (const [messageId, savedId] of ackedBefore) expect(storedSeqs.get(messageId)).toBe(savedId);
  for (let client = 0; client < CLIENTS; client++) {
    const theirs = stored.filter(({ messageId }) => messageId.startsWith(`client-${client}-`));
    expect(theirs.map(({ messageId }) => messageId)).toEqual(messageIds(client));
  }
  for (const sender of senders) {
    expect(sender.contradictions).toEqual([]);
    expect(sender.recoveries).toBe(1);
    for (const [messageId, savedId] of sender.acked)
      expect(storedSeqs.get(messageId)).toBe(savedId);
    expect(sender.seen).toEqual(stored.slice(stored.length - sender.seen.length));
  }
});

function messageIds(client: number): readonly string[] {
  return Array.from({ length: EACH }, (_, i) => `client-${client}-message-${i}`);
}
