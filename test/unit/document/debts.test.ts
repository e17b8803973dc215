import { beforeEach, expect, it } from "vitest";
import { type Connection, openConnection } from "../../../src/document/connection.ts";
import { Debts } from "../../../src/document/debts.ts";
import { EDITOR_BOUNDS } from "../../../src/protocol/editor-limits.ts";
import { DEFAULT_DOCUMENT_LIMITS } from "../../../src/protocol/settings.ts";

const { signMs, syncSignMs, unreadBytes, unreadShareBytes, unreadTotalBytes } = EDITOR_BOUNDS;

let debts: Debts;
beforeEach(() => {
  debts = new Debts();
});

function connection(id: string): Connection {
  const editor = { userId: id, name: id, canWrite: true, expiresAt: 1e9, address: "" };
  const fresh = { isSynced: true, isToldReadOnly: false, badFrames: 0 };
  const kept = { ...fresh, editor, connectedAt: 0, heardAt: 0 };
  return openConnection(id, kept, DEFAULT_DOCUMENT_LIMITS, 0);
}

it("asks whoever was sent much for a sign that it reads, once", () => {
  const ada = connection("ada");
  expect(debts.sent(ada, unreadShareBytes - 1)).toBe(false);
  expect(debts.sent(ada, 1)).toBe(true);
  debts.asked(ada, "awareness", 0);
  expect(debts.sent(ada, unreadShareBytes)).toBe(false);
});

it("takes the answer for the sign, and nothing else that comes meanwhile", () => {
  const ada = connection("ada");
  debts.sent(ada, unreadBytes);
  debts.asked(ada, "sync", 0);
  debts.heard(ada, "awareness");
  debts.heard(ada, undefined);
  expect(ada.unreadBytes).toBe(unreadBytes);
  debts.heard(ada, "sync");
  expect(ada.unreadBytes).toBe(0);
});

it("is too much beyond what one may owe, but for the document that it was sent (P17.8)", () => {
  const ada = connection("ada");
  debts.sent(ada, unreadBytes + 1);
  expect(debts.isTooMuch(ada)).toBe(true);
  debts.asked(ada, "sync", 0);
  expect(debts.isTooMuch(ada)).toBe(false);
});

it("is over when all owe too much together, and not for the little that each of thousands owes", () => {
  for (let at = 0; at < 10_000; at++) debts.sent(connection(String(at)), unreadShareBytes - 1);
  expect(debts.isOver).toBe(false);
  const [ada, ben] = [connection("ada"), connection("ben")];
  debts.sent(ada, unreadTotalBytes);
  expect([debts.isOver, debts.has(1)]).toEqual([false, false]);
  debts.sent(ben, unreadShareBytes);
  expect(debts.isOver).toBe(true);
  debts.left(ada, false);
  expect(debts.isOver).toBe(false);
});

it("counts what a closed connection has not read until its socket has ended, three quarters of it", () => {
  const deaf = Array.from({ length: 4 }, (_, at) => connection(`deaf-${at}`));
  for (const one of deaf) debts.sent(one, unreadTotalBytes / 4);
  const [first, ...others] = deaf;
  if (first === undefined) throw new Error("nobody");
  debts.left(first, true);
  expect(debts.has(unreadTotalBytes / 16)).toBe(true);
  expect(debts.has(unreadTotalBytes / 16 + 1)).toBe(false);
  for (const one of others) debts.left(one, true);
  debts.sent(connection("ada"), unreadShareBytes);
  // However many hang on to closed sockets, a quarter is left to those who are here.
  expect(debts.has(unreadTotalBytes / 4 - unreadShareBytes)).toBe(true);
  expect(debts.has(unreadTotalBytes / 4)).toBe(false);
  for (const { id } of deaf) debts.ended(id);
  expect(debts.has(unreadTotalBytes - unreadShareBytes)).toBe(true);
  debts.ended("deaf-0");
  expect(debts.has(unreadTotalBytes - unreadShareBytes + 1)).toBe(false);
});

it("lets one alone be served whatever its size", () => {
  expect(debts.has(unreadTotalBytes * 2)).toBe(true);
});

it("names those who have owed a sign for too long, the largest first, and is patient with joiners", () => {
  const [ada, ben, eve] = [connection("ada"), connection("ben"), connection("eve")];
  for (const [debtor, bytes] of [
    [ada, 1],
    [ben, 2],
    [eve, 3],
  ] as const) {
    debts.sent(debtor, bytes * unreadShareBytes);
  }
  debts.asked(ada, "awareness", 0);
  debts.asked(ben, "awareness", 0);
  debts.asked(eve, "sync", 0);
  const names = (now: number) => debts.overdue([ada, ben, eve], now).map(({ id }) => id);
  expect(names(signMs - 1)).toEqual([]);
  expect(names(signMs)).toEqual(["ben", "ada"]);
  expect(names(syncSignMs)).toEqual(["eve", "ben", "ada"]);
});
