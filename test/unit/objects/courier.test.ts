import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Courier } from "../../../src/objects/courier.ts";
import { refusal } from "../../../src/protocol/error.ts";
import type { Notice } from "../../../src/room/outbox.ts";
import type { Outcome } from "../../../src/room/outcome.ts";
import { migrate } from "../../../src/storage/migrations.ts";
import { SqlOutbox } from "../../../src/storage/sql-outbox.ts";
import { NodeDatabase } from "../../support/node-database.ts";

const T0 = Date.UTC(2026, 0, 1);

/** Inboxes by their rooms' names: what each was brought, and what it answers. */
const inboxes = new Map<string, Inbox>();
let outbox: SqlOutbox;
let courier: Courier;
let failures: unknown[];

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
  outbox.add({ recipient, key, source: 1, content }, Date.now() + 10_000);
}

beforeEach(() => {
  vi.useFakeTimers({ now: T0 });
  inboxes.clear();
  failures = [];
  const database = new NodeDatabase();
  migrate(database);
  outbox = new SqlOutbox(database);
  courier = new Courier({
    outbox,
    room: (name) => ({
      deliver: (notices) => {
        const to = inbox(name.slice("user:".length));
        to.brought.push(...notices.map(({ key }) => key));
        return to.answer(notices);
      },
    }),
    random: () => 1,
    clock: Date.now,
    failed: (error) => failures.push(error),
  });
});

afterEach(() => {
  vi.useRealTimers();
});

it("brings each inbox its own, in order and at once, and forgets what arrived", async () => {
  put("ada", "1");
  put("ben", "2");
  put("ada", "3");
  await courier.bringNew();
  expect([inbox("ada").brought, inbox("ben").brought]).toEqual([["1", "3"], ["2"]]);
  expect(outbox.nextDue(T0)).toBeUndefined();
});

it("does not let an inbox that never answers keep the others waiting, nor itself for ever", async () => {
  inbox("hung").answer = () => new Promise(() => {});
  put("hung", "1");
  const first = courier.bringNew();
  put("ben", "2");
  await courier.bringNew();
  expect(inbox("ben").brought).toEqual(["2"]);
  await vi.advanceTimersByTimeAsync(5_000);
  await first;
  expect(String(failures[0])).toContain("5000 ms");
  expect(outbox.nextDue(Date.now())).toBe(T0 + 5_000 + 1_000);
});

it("tries what failed again when it is due, later each time, and not with every new notice", async () => {
  inbox("ada").answer = async () => {
    throw new Error("moved");
  };
  put("ada", "1");
  await courier.bringNew();
  expect(outbox.nextDue(T0)).toBe(T0 + 1_000);
  put("ben", "2");
  await courier.bringNew();
  await courier.bringDue();
  expect(inbox("ada").brought).toEqual(["1"]);
  vi.setSystemTime(T0 + 1_000);
  await courier.bringDue();
  expect(inbox("ada").brought).toEqual(["1", "1"]);
  expect(outbox.nextDue(Date.now())).toBe(T0 + 1_000 + 2_000);
});

it("brings what came while it was on its way to the same inbox, and asks that one never twice at once", async () => {
  const { promise, resolve } = Promise.withResolvers<readonly Outcome[]>();
  inbox("ada").answer = () => promise;
  put("ada", "1");
  const first = courier.bringNew();
  put("ada", "2");
  await courier.bringNew();
  expect(inbox("ada").brought).toEqual(["1"]);
  inbox("ada").answer = async () => [{ ok: true }];
  resolve([{ ok: true }]);
  await first;
  expect(inbox("ada").brought).toEqual(["1", "2"]);
  expect(outbox.nextDue(T0)).toBeUndefined();
});

it("gives up what an inbox will never take, and keeps what it may take later", async () => {
  inbox("ada").answer = async () => [
    { ok: false, error: refusal("too_large", "no") },
    { ok: false, error: refusal("rate_limited", "not now") },
  ];
  put("ada", "1");
  put("ada", "2");
  await courier.bringNew();
  expect(failures).toEqual(["too_large"]);
  expect(outbox.due(T0 + 60_000, 10)).toMatchObject([{ key: "2", tries: 1 }]);
});

it("empties an outbox of any length", async () => {
  for (let i = 0; i < 250; i++) put(`user-${i % 7}`, String(i));
  await courier.bringNew();
  expect(outbox.nextDue(T0)).toBeUndefined();
});
