import { describe, expect, it } from "vitest";
import { RealtimeClient } from "../../../src/client/client.ts";
import type { Receipt } from "../../../src/client/outbox-entry.ts";
import { seededRandom } from "../../../src/testing/seeded-random.ts";
import { FakeNetwork } from "./support/fake-network.ts";
import { FakeRoom } from "./support/fake-room.ts";
import { ManualClock } from "./support/manual-clock.ts";

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed + 1);

interface Run {
  readonly sent: readonly string[];
  readonly receipts: readonly Receipt[];
  readonly seen: readonly number[];
  /** The log's head at the first join; what is newer must be shown. */
  readonly head: number;
  readonly server: FakeRoom;
  readonly connections: number;
}

/** One random life: sends, others' messages, cuts and pauses, until everything is settled. */
async function live(seed: number, latencyMs: number): Promise<Run> {
  const random = seededRandom(seed);
  const clock = new ManualClock();
  const network = new FakeNetwork(clock);
  const server = new FakeRoom(clock, () => random() * latencyMs);
  network.random = random;
  network.onOpen = (socket) => server.accept(socket);
  const client = new RealtimeClient({
    url: "https://edge.example",
    token: "t",
    environment: network.environment,
  });
  const room = client.room("general");
  const sent: string[] = [];
  const seen: number[] = [];
  const heads: number[] = [];
  const sends: Promise<Receipt>[] = [];
  room.on("joined_room", ({ seq }) => heads.push(seq));
  room.on("new_message", ({ seq }) => seen.push(seq));
  for (let step = 0; step < 60; step += 1) {
    const dice = random();
    if (dice < 0.5) {
      for (let burst = random() * 6; burst > 0; burst -= 1) {
        sent.push(`message ${sent.length}`);
        sends.push(room.send(`message ${sent.length - 1}`));
      }
    } else if (dice < 0.65) server.write("from someone else");
    else if (dice < 0.8) server.cut(random() < 0.3 ? 1012 : 1006);
    await clock.advance(random() * 400);
  }
  await clock.advance(60_000);
  const receipts = await Promise.all(sends);
  await room.leave();
  return { sent, receipts, seen, head: heads[0] ?? 0, server, connections: network.sockets.length };
}

describe.each([5, 300])("under random cuts, with frames up to %i ms on their way", (latencyMs) => {
  it.each(SEEDS)(
    "stores everything once and in order, and shows it once and in order (seed %i)",
    async (seed) => {
      const { sent, receipts, seen, head, server } = await live(seed, latencyMs);
      const mine = server.log.filter(({ messageId }) => !messageId.startsWith("other-"));
      expect(mine.map(({ content }) => content)).toEqual(sent);
      expect(receipts.map(({ savedId }) => savedId)).toEqual(mine.map(({ seq }) => seq));
      expect(seen).toEqual(server.log.slice(head).map(({ seq }) => seq));
    },
  );

  it("meets cuts and duplicates in these runs, so that they prove something", async () => {
    const runs = await Promise.all(SEEDS.map((seed) => live(seed, latencyMs)));
    expect(runs.every(({ connections }) => connections > 1)).toBe(true);
    const isDuplicate = ({ receipts }: Run) => receipts.some(({ duplicate }) => duplicate);
    expect(runs.filter(isDuplicate).length).toBeGreaterThan(latencyMs > 100 ? 20 : 0);
  });
});

describe("a flood of 300 messages", () => {
  it.each([0, 40, 400])(
    "is stored in order without one refusal at %i ms of latency",
    async (latencyMs) => {
      const clock = new ManualClock();
      const network = new FakeNetwork(clock);
      const random = seededRandom(7);
      const server = new FakeRoom(clock, () => random() * latencyMs);
      network.onOpen = (socket) => server.accept(socket);
      const { environment } = network;
      const client = new RealtimeClient({ url: "https://edge.example", token: "t", environment });
      const room = client.room("general");
      const sends = Array.from({ length: 300 }, (_, n) => room.send(`${n}`));
      await clock.advance(30_000);
      await Promise.all(sends);
      expect(server.log.map(({ content }) => content)).toEqual(
        Array.from({ length: 300 }, (_, n) => `${n}`),
      );
      expect(server.refusals).toBe(0);
    },
  );
});
