import { isDeepStrictEqual } from "node:util";
import { textIn } from "../../src/storage/database.ts";
import { Fold, type Shown, shown } from "../process/support/fold.ts";
import { BrokenPromise } from "./broken-promise.ts";
import type { Ledger } from "./ledger.ts";
import type { Seat } from "./seat.ts";
import type { Stage } from "./stage.ts";

/**
 * Compares everything with everything once all is quiet: what is on disk with what ever was, what
 * everybody shows with each other and with a replay of the log, inboxes with what was to reach them.
 *
 * @throws {BrokenPromise} for the first that differs.
 */
export async function verify(world: Stage, live: (ms: number) => Promise<void>): Promise<void> {
  for (const ledger of world.ledgers.values()) ledger.audit(Number.POSITIVE_INFINITY);
  for (const { device, userId } of world.people) {
    if (device.reported.length > 0)
      throw new Error(`${userId}'s SDK failed`, { cause: device.reported[0] });
  }
  for (const name of world.rooms) await verifyRoom(world, name, live);
  world.books.audit();
  verifyInboxes(world);
}

async function verifyRoom(
  world: Stage,
  name: string,
  live: (ms: number) => Promise<void>,
): Promise<void> {
  const ledger = world.ledger(name);
  const reading = world.server.room(name).read(({ store, room }) => ({
    head: store.log.head,
    epoch: store.log.epoch,
    users: room.shownUsers.map(({ userId }) => userId).sort(),
    page: store.log.page({ limit: 200 }).entries.map((entry): Shown => shown(JSON.parse(entry))),
    hasWork: room.hasWork,
  }));
  await live(5_000);
  const server = await reading;
  if (server.hasWork) throw new BrokenPromise("liveness", `${name} has work that nobody does`);
  const everyone = world.people.map(({ userId }) => userId).sort();
  same("state", `who is in ${name}`, server.users, everyone);
  const replayed = replay(ledger).slice(-server.page.length);
  same("state", `a replay of ${name}`, server.page, server.page.length === 0 ? [] : replayed);
  const seats = world.people.flatMap((person) => person.seats.filter((seat) => seat.name === name));
  for (const seat of seats) verifySeat(seat, server);
}

interface Served {
  readonly head: number;
  readonly epoch: string;
  readonly users: readonly string[];
  readonly page: readonly Shown[];
}

function verifySeat({ name, room }: Seat, { head, epoch, users, page }: Served): void {
  const who = `${room.userId} in ${name}`;
  same("liveness", `the connection of ${who}`, room.status, "open");
  same("liveness", `what waits of ${who}`, room.pending, []);
  same("state", `the place of ${who}`, { seq: room.seq, epoch: room.epoch }, { seq: head, epoch });
  same("state", `who ${who} sees`, room.users.map(({ userId }) => userId).sort(), users);
  const messages = room.messages.map((message) => shown(message));
  const from = messages[0]?.seq ?? Number.POSITIVE_INFINITY;
  const present = page.filter(({ seq, deleted }) => deleted !== true && seq >= from);
  const known = messages.filter(({ seq }) => seq >= (page[0]?.seq ?? 0));
  same("state", `what ${who} shows`, known, present);
  const served = page.filter(({ deleted }) => deleted !== true).length;
  if (known.length === 0 && served > 0) {
    throw new BrokenPromise("state", `${who} shows nothing of ${served} messages`);
  }
}

function replay({ current }: Ledger): readonly Shown[] {
  const fold = new Fold();
  for (const { seq, type, payload } of current?.events ?? []) {
    const fault = fold.take({ type, seq, payload: JSON.parse(payload) });
    if (fault !== undefined) throw new BrokenPromise(3, fault);
  }
  return fold.messages;
}

function verifyInboxes(world: Stage): void {
  const due = new Map<string, Set<string>>();
  const may = new Map<string, Set<string>>();
  for (const { notices, excused } of world.ledgers.values()) {
    for (const [name, { recipient, key }] of notices) {
      add(may, recipient, key);
      if (!excused.has(name)) add(due, recipient, key);
    }
  }
  for (const name of world.rooms) {
    const { database } = world.server.room(name).disk;
    const [table] = database.query("SELECT name FROM sqlite_master WHERE name = 'outbox'");
    if (table === undefined) continue;
    const waiting = [...database.query("SELECT recipient, key FROM outbox")];
    same("notices", `the outbox of ${name}`, waiting, []);
    const dead = [...database.query("SELECT recipient, key FROM dead_letters")];
    for (const row of dead) due.get(textIn(row, "recipient"))?.delete(textIn(row, "key"));
  }
  for (const { userId } of world.people) {
    const current = world.ledger(`user:${userId}`).current;
    const arrived = (current?.events ?? []).map(({ messageId }) => messageId);
    const unasked = arrived.find((key) => may.get(userId)?.has(key) !== true);
    if (unasked !== undefined)
      throw new BrokenPromise("notices", `${unasked} came to ${userId} from nowhere`);
    const lost = [...(due.get(userId) ?? [])].find((key) => !arrived.includes(key));
    if (lost !== undefined) throw new BrokenPromise("notices", `${lost} never came to ${userId}`);
    if (new Set(arrived).size < arrived.length)
      throw new BrokenPromise("notices", `${userId} has one twice`);
  }
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set.add(value));
}

function same(
  promise: "state" | "liveness" | "notices",
  what: string,
  is: unknown,
  wanted: unknown,
): void {
  if (isDeepStrictEqual(is, wanted)) return;
  throw new BrokenPromise(promise, `${what} is ${brief(is)} and should be ${brief(wanted)}`);
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 1_500 ? `${text.slice(0, 700)} … ${text.slice(-700)}` : text;
}
