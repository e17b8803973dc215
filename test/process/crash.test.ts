import { afterAll, beforeAll, expect, it } from "vitest";
import { mintToken } from "../../src/auth/mint.ts";
import { SECRETS, Server } from "../support/server.ts";
import { Sender } from "./support/sender.ts";

const CLIENTS = 5;
const EACH = 100;
const KILL_AFTER_ACKS = 200;
const ROOM = "crash";

let server: Server;
beforeAll(async () => {
  server = await Server.start({ LIMIT_FRAMES_PER_SECOND: "10000", LIMIT_FRAMES_BURST: "10000" });
});
afterAll(() => server.stop());

it("keeps every acked message once, in order, and shows all the same log, over a SIGKILL", async () => {
  const senders = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      const url = `ws://127.0.0.1:${server.port}/v1/rooms/${ROOM}/ws`;
      return new Sender(url, await tokenFor(`user-${client}`), messageIds(client));
    }),
  );
  const acks = () => senders.reduce((sum, { acked }) => sum + acked.size, 0);
  const enough = when(senders, () => acks() >= KILL_AFTER_ACKS);
  await Promise.all(senders.map((sender) => sender.connect()));
  await enough;

  await server.kill();
  for (const sender of senders) sender.drop();
  const ackedBefore = new Map(senders.flatMap(({ acked }) => [...acked]));
  const seenBefore = senders.map(({ seen }) => seen.length);
  const killedAt = Date.now();
  await server.up();
  const upAt = Date.now();
  const done = when(senders, () => senders.every((sender) => sender.isDone));
  await Promise.all(senders.map((sender) => sender.connect()));
  await done;
  await when(senders, () => senders.every(({ head }) => head >= CLIENTS * EACH));

  const stored = await history();
  const storedSeqs = new Map(stored.map(({ messageId, seq }) => [messageId, seq]));
  console.log(
    JSON.stringify({
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
  expect(stored.map(({ seq }) => seq)).toEqual(
    Array.from({ length: CLIENTS * EACH }, (_, i) => i + 1),
  );
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

/** Resolves once a condition holds, looked at whenever a client heard something. */
function when(senders: readonly Sender[], condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (condition()) resolve();
    };
    for (const sender of senders) sender.onChange = look;
    look();
  });
}

async function tokenFor(sub: string): Promise<string> {
  const request = { sub, rooms: { "*": ["read", "write"] as const }, ttlSeconds: 3_600 };
  return (await mintToken({ secret: SECRETS.AUTH_SECRET }, request, Date.now())).token;
}

async function history(): Promise<{ seq: number; messageId: string }[]> {
  const all: { seq: number; messageId: string }[] = [];
  for (;;) {
    const after = all.at(-1)?.seq ?? 0;
    const url = `${server.url}/v1/rooms/${ROOM}/messages?limit=200&after=${after}`;
    const response = await fetch(url, { headers: { Authorization: `Bearer ${SECRETS.API_KEY}` } });
    const page = (await response.json()) as {
      messages: { seq: number; messageId: string }[];
      hasMore: boolean;
    };
    all.push(...page.messages.map(({ seq, messageId }) => ({ seq, messageId })));
    if (!page.hasMore) return all;
  }
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
