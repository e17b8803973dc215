import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { deliveryOf, INBOX_CARRIER, type Notice } from "../../../../src/kinds/inbox/notice.ts";
import { within } from "../../../../src/objects/deadline.ts";
import { Couriers } from "../../../../src/objects/delivery/couriers.ts";
import { inboxCarrier } from "../../../../src/objects/delivery/inbox-carrier.ts";
import { refusal } from "../../../../src/protocol/error.ts";
import type { Outcome } from "../../../../src/room/flush/outcome.ts";
import type { CarrierQueue } from "../../../../src/room/store/outbox.ts";
import { migrate } from "../../../../src/storage/migrations.ts";
import { SqlOutbox } from "../../../../src/storage/sql-outbox.ts";
import { NodeDatabase } from "../../../../src/testing/node-database.ts";

const T0 = Date.UTC(2026, 0, 1);
const DAY_MS = 24 * 3_600_000;

/** Inboxes by their rooms' names: what each was brought, and what it answers. */
const inboxes = new Map<string, Inbox>();
let database: NodeDatabase;
let outbox: SqlOutbox;
let queue: CarrierQueue;
let courier: Couriers;
let failures: unknown[];
let buried: string[];

class Inbox {
  readonly brought: string[] = [];
  answer: (notices: readonly Notice[]) => Promise<readonly Outcome[]> = async (notices) =>
    notices.map((_, i) => ({ ok: true, saved: { savedId: i + 1 } }));
}

function inbox(userId: string): Inbox {
  const name = `user:${userId}`;
  const known = inboxes.get(name) ?? new Inbox();
  inboxes.set(name, known);
  return known;
}

function put(recipient: string, key: string): void {
  const content = { type: "mention", title: key };
  outbox.add(deliveryOf({ recipient, key, source: 1, content }), Date.now());
  courier.added();
}

beforeEach(() => {
  vi.useFakeTimers({ now: T0 });
  inboxes.clear();
  failures = [];
  buried = [];
  database = new NodeDatabase();
  migrate(database);
  outbox = new SqlOutbox(database);
  queue = outbox.of(INBOX_CARRIER);
  courier = start();
});

/** A courier that knows nothing but what is in storage. */
function start(): Couriers {
  const carrier = inboxCarrier((name) => ({
    deliver: (notices) => {
      const to = inbox(name.slice("user:".length));
      to.brought.push(...notices.map(({ key }) => key));
      return to.answer(notices);
    },
  }));
  return new Couriers({
    outbox,
    carriers: { [INBOX_CARRIER]: carrier },
    random: () => 1,
    clock: Date.now,
    within,
    failed: (error) => failures.push(error),
    buried: (notices, reason) => buried.push(`${notices} ${reason}`),
  });
}

/** Every notice that may be brought, whoever it is for. */
function waiting(): readonly string[] {
  const all = { now: Date.now(), except: [], recipients: 1_000, each: 1_000 };
  return queue.waiting(all).map(({ key }) => key);
}

function deadLetters(): number {
  const [row] = database.query("SELECT COUNT(*) AS count FROM dead_letters");
  return Number(row?.["count"]);
}

afterEach(() => {
  vi.useRealTimers();
});

it("brings each inbox its own, in order and at once, and forgets what arrived", async () => {
  put("ada", "1");
  put("ben", "2");
  put("ada", "3");
  await courier.bring();
  expect([inbox("ada").brought, inbox("ben").brought]).toEqual([["1", "3"], ["2"]]);
  expect(courier.dueAt).toBeUndefined();
});

it("does not let an inbox that never answers keep the others waiting, nor itself for ever", async () => {
  inbox("hung").answer = () => new Promise(() => {});
  put("hung", "1");
  const first = courier.bring();
  put("ben", "2");
  await courier.bring();
  expect(inbox("ben").brought).toEqual(["2"]);
  await vi.advanceTimersByTimeAsync(5_000);
  await first;
  expect(String(failures[0])).toContain("5000 ms");
  expect(courier.dueAt).toBe(T0 + 5_000 + 1_000);
});

it("tries what failed again when it is due, later each time, and not with every new notice", async () => {
  inbox("ada").answer = async () => {
    throw new Error("moved");
  };
  put("ada", "1");
  await courier.bring();
  expect(courier.dueAt).toBe(T0 + 1_000);
  put("ben", "2");
  await courier.bring();
  expect(inbox("ada").brought).toEqual(["1"]);
  vi.setSystemTime(T0 + 1_000);
  await courier.bring();
  expect(inbox("ada").brought).toEqual(["1", "1"]);
  expect(courier.dueAt).toBe(T0 + 1_000 + 2_000);
});

it("brings what came while it was on its way to the same inbox, and asks that one never twice at once", async () => {
  const { promise, resolve } = Promise.withResolvers<readonly Outcome[]>();
  inbox("ada").answer = () => promise;
  put("ada", "1");
  const first = courier.bring();
  put("ada", "2");
  await courier.bring();
  expect(inbox("ada").brought).toEqual(["1"]);
  inbox("ada").answer = async () => [{ ok: true }];
  resolve([{ ok: true }]);
  await first;
  expect(inbox("ada").brought).toEqual(["1", "2"]);
  expect(courier.dueAt).toBeUndefined();
});

it("gives up together what an inbox will never take, and keeps what it may take later", async () => {
  const codes = ["too_large", "internal", "not_found", "too_large"] as const;
  inbox("ada").answer = async () =>
    codes.map((code) => ({ ok: false, error: refusal(code, "no") }));
  for (const key of ["1", "2", "3", "4"]) put("ada", key);
  await courier.bring();
  expect([buried, deadLetters()]).toEqual([["2 too_large", "1 not_found"], 3]);
  vi.setSystemTime(T0 + 60_000);
  expect(waiting()).toEqual(["2"]);
});

it("leaves an inbox alone that has had too many, as long as it says, and counts no failure", async () => {
  const limited = { ok: false, error: refusal("rate_limited", "later", 42_000.5) } as const;
  inbox("ada").answer = async (notices) => notices.map((_, i) => (i < 2 ? { ok: true } : limited));
  for (let i = 0; i < 30; i++) put("ada", String(i));
  await courier.bring();
  put("ada", "30");
  put("ben", "31");
  await courier.bring();
  expect([inbox("ada").brought.length, inbox("ben").brought]).toEqual([20, ["31"]]);
  expect(courier.dueAt).toBe(T0 + 42_001);
  expect(failures).toEqual([]);
  inbox("ada").answer = async (notices) => notices.map(() => ({ ok: true }));
  vi.setSystemTime(T0 + 42_001);
  await courier.bring();
  expect(new Set(inbox("ada").brought).size).toBe(31);
  expect(courier.dueAt).toBeUndefined();
});

it("knows after a restart whom to leave alone", async () => {
  inbox("ada").answer = async () => {
    throw new Error("moved");
  };
  put("ada", "1");
  await courier.bring();
  courier = start();
  put("ada", "2");
  await courier.bring();
  expect(inbox("ada").brought).toEqual(["1"]);
  expect(courier.dueAt).toBe(T0 + 1_000);
});

it("puts what could not be delivered for a day aside, counted, and not what a sleeping room tried once", async () => {
  inbox("ada").answer = async () => {
    throw new Error("gone for good");
  };
  put("ada", "1");
  vi.setSystemTime(T0 + 7 * DAY_MS);
  await courier.bring();
  expect([buried, deadLetters()]).toEqual([[], 0]);
  let due = courier.dueAt;
  for (; due !== undefined; due = courier.dueAt) {
    vi.setSystemTime(due);
    await courier.bring();
  }
  expect([buried, deadLetters()]).toEqual([["1 not delivered for a day"], 1]);
  expect(inbox("ada").brought).toHaveLength(10);
});

it("tries for a whole day before it gives a notice up", async () => {
  inbox("ada").answer = async () => {
    throw new Error("gone for good");
  };
  put("ada", "1");
  await courier.bring();
  for (let due = courier.dueAt; due !== undefined; due = courier.dueAt) {
    vi.setSystemTime(due);
    await courier.bring();
  }
  expect(buried).toEqual(["1 not delivered for a day"]);
  expect(Date.now() - T0).toBeGreaterThanOrEqual(DAY_MS);
  expect(Date.now() - T0).toBeLessThan(DAY_MS + 3_600_001);
});

it("visits who was away at once when it is told to, however long it should have waited", async () => {
  inbox("ada").answer = () => Promise.reject(new Error("gone"));
  put("ada", "1");
  for (let tries = 0; tries < 8; tries++) await courier.bring();
  inbox("ada").answer = async (notices) => notices.map(() => ({ ok: true }));
  courier.retry({ carrier: INBOX_CARRIER, recipient: "ada" });
  await courier.bring();
  expect([inbox("ada").brought.length, courier.dueAt]).toEqual([2, undefined]);
});

it("keeps no more than a thousand waiting for an inbox that takes none", async () => {
  inbox("ada").answer = async () => {
    throw new Error("gone");
  };
  for (let i = 0; i < 1_100; i++) put("ada", String(i));
  await courier.bring();
  expect([buried, deadLetters()]).toEqual([["100 too many wait for one recipient"], 100]);
  vi.setSystemTime(T0 + 60_000);
  expect(waiting()).toHaveLength(1_000);
});

it("does not let 250 notices for one inbox hold up another's, nor more hung inboxes than it visits at once", async () => {
  for (let i = 0; i < 250; i++) put("hung", String(i));
  inbox("hung").answer = () => new Promise(() => {});
  void courier.bring();
  put("ben", "for ben");
  await courier.bring();
  expect(inbox("ben").brought).toEqual(["for ben"]);
  for (let i = 0; i < 60; i++) {
    inbox(`hung-${i}`).answer = () => new Promise(() => {});
    put(`hung-${i}`, `h${i}`);
  }
  void courier.bring();
  put("cyd", "for cyd");
  await courier.bring();
  const visited = () => [...inboxes.values()].filter(({ brought }) => brought.length > 0).length;
  expect(visited()).toBe(1 + 1 + 23);
  // Not at once and over and over: a visit that ends looks for the next.
  expect(courier.dueAt).toBe(T0 + 10_000);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(inbox("cyd").brought).toEqual(["for cyd"]);
});

it("empties an outbox of any length", async () => {
  for (let i = 0; i < 250; i++) put(`user-${i % 7}`, String(i));
  await courier.bring();
  expect(courier.dueAt).toBeUndefined();
});

it("writes one row for a failed visit, however much waits for that inbox, and none for one that works", async () => {
  inbox("ada").answer = async () => {
    throw new Error("moved");
  };
  for (let i = 0; i < 500; i++) put("ada", `${i}`);
  const rows = () => Number([...database.query("SELECT total_changes() AS rows")][0]?.["rows"]);
  for (let failed = 0; failed < 3; failed++) {
    const before = rows();
    await courier.bring();
    expect(rows() - before).toBe(1);
    vi.setSystemTime(Date.now() + 60_000);
  }
  inbox("ada").answer = new Inbox().answer;
  const before = rows();
  await courier.bring();
  expect(waiting()).toEqual([]);
  // Each notice's own, and that ada is reached again.
  expect(rows() - before).toBe(501);
  put("ada", "again");
  expect(courier.dueAt).toBe(Date.now() + 10_000);
});

it("remembers nobody for whom nothing waits any more", async () => {
  inbox("gone").answer = async (notices) =>
    notices.map(() => ({ ok: false, error: refusal("not_found", "No such inbox.") }));
  queue.postpone("gone", T0);
  put("gone", "1");
  await courier.bring();
  expect([...database.query("SELECT * FROM resting")]).toEqual([]);
  expect(deadLetters()).toBe(1);
});
