import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { INBOX_CARRIER } from "../../../../src/kinds/inbox/notice.ts";
import { within } from "../../../../src/objects/deadline.ts";
import type { Carrier } from "../../../../src/objects/delivery/carrier.ts";
import { Couriers } from "../../../../src/objects/delivery/couriers.ts";
import type { StoredDelivery } from "../../../../src/room/store/outbox.ts";
import { migrate } from "../../../../src/storage/migrations.ts";
import { SqlOutbox } from "../../../../src/storage/sql-outbox.ts";
import { NodeDatabase } from "../../../../src/testing/node-database.ts";

const T0 = Date.UTC(2026, 0, 1);

let database: NodeDatabase;
let outbox: SqlOutbox;
/** What was brought, and to whom. */
let brought: string[];

beforeEach(() => {
  vi.useFakeTimers({ now: T0 });
  database = new NodeDatabase();
  migrate(database);
  outbox = new SqlOutbox(database);
  brought = [];
});
afterEach(() => {
  vi.useRealTimers();
});

const HANGING: Carrier = {
  batch: 1,
  visits: 4,
  waiting: 1_000,
  withinMs: 60_000,
  bring: () => new Promise(() => {}),
};

const QUICK: Carrier = {
  ...HANGING,
  bring: async (recipient: string, deliveries: readonly StoredDelivery[]) => {
    brought.push(`${recipient} ${deliveries.map(({ body }) => JSON.stringify(body))}`);
    return deliveries.map(() => ({ ok: true }));
  },
};

function couriersOf(
  carriers: Readonly<Record<string, Carrier>>,
  failed: (error: unknown) => void = () => {},
): Couriers {
  const shared = { random: () => 1, clock: Date.now, within, failed, buried: () => {} };
  return new Couriers({ outbox, carriers, ...shared });
}

function put(carrier: string, recipient: string, body: unknown): void {
  outbox.add({ to: { carrier, recipient }, source: 1, key: "k", body }, T0);
}

it("do not let one carrier's recipients hold up another's, however many of them hang", async () => {
  const couriers = couriersOf({ hanging: HANGING, quick: QUICK });
  for (let i = 0; i < 9; i++) put("hanging", `h${i}`, null);
  // Who has the same name as another carrier's recipient is somebody else.
  put("quick", "h1", { hello: ["you"] });
  void couriers.bring();
  await vi.advanceTimersByTimeAsync(0);
  expect(brought).toEqual(['h1 {"hello":["you"]}']);
  expect([outbox.of("quick").nextDue(T0, []), couriers.dueAt]).toEqual([undefined, T0 + 10_000]);
});

it("leave what none of their carriers brings to newer code", async () => {
  const couriers = couriersOf({ quick: QUICK });
  put("pigeon", "ada", 1);
  await couriers.bring();
  expect([brought, couriers.dueAt, outbox.isEmpty]).toEqual([[], undefined, false]);
  expect(outbox.of("pigeon").nextDue(T0, [])).toBe(T0 + 10_000);
});

it("bring what release 0.1.0 stored when a deployment went back to it", async () => {
  const content = JSON.stringify({ type: "mention" });
  const statement =
    "INSERT INTO outbox (recipient, source, key, content, tries, due) VALUES (?, ?, ?, ?, 0, ?)";
  database.query(statement, "ada", 1, "of-0.1.0", content, T0);
  await couriersOf({ [INBOX_CARRIER]: QUICK }).bring();
  expect([brought, outbox.isEmpty]).toEqual([['ada {"type":"mention"}'], true]);
});

it("tell their owner when the storage fails, and bring what waits again", async () => {
  const failures: unknown[] = [];
  const couriers = couriersOf({ quick: QUICK }, (error) => failures.push(error));
  put("quick", "ada", 1);
  // As a full disk would: what was brought cannot be taken out.
  database.query(
    "CREATE TRIGGER full BEFORE DELETE ON outbox BEGIN SELECT RAISE(FAIL, 'full'); END",
  );
  await expect(couriers.bring()).resolves.toBeUndefined();
  expect(failures).toMatchObject([{ message: "full" }]);
  database.query("DROP TRIGGER full");
  await couriers.bring();
  expect([brought, outbox.isEmpty]).toEqual([["ada 1", "ada 1"], true]);
});
