import { expect, it } from "vitest";
import { Received } from "../../bench/load/received.ts";
import { Tally } from "../../bench/load/tally.ts";

/** A tally of one message from each of these senders, in turn. */
function tallyOf(...owners: readonly number[]): Tally {
  const tally = new Tally(10);
  for (const owner of owners) tally.next(owner, 0);
  return tally;
}

it("tells a doubled copy from a lost one", () => {
  const tally = tallyOf(0, 0);
  const received = new Received(tally, 1, false);
  received.take([0, 0]);
  expect(received.count).toBe(1);
  expect(tally).toMatchObject({ delivered: 1, duplicates: 1 });
});

it("counts one answer a message, to its sender alone", () => {
  const tally = tallyOf(0, 1, 0);
  expect(tally.answer(0, 0, true)).toBe(true);
  expect(tally.answer(2, 0, false)).toBe(true);
  expect(tally.answer(0, 0, true)).toBe(false);
  expect(tally.answer(1, 0, true)).toBe(false);
  expect(tally.answer(3, 0, true)).toBe(false);
  expect(tally).toMatchObject({ answered: 1, refused: 1, strayAnswers: 3 });
});

it("sees a sender's messages that come in another order than sent", () => {
  const tally = tallyOf(0, 1, 0);
  new Received(tally, 2, false).take([1, 0, 2]);
  expect(tally.disordered).toBe(0);
  new Received(tally, 2, false).take([2, 1, 0]);
  expect(tally.disordered).toBe(1);
});

it("gives readers of the same order the same hash, however it came in pieces", () => {
  const tally = tallyOf(0, 1, 0);
  const [one, other, third] = Array.from({ length: 3 }, () => new Received(tally, 2, false));
  one?.take([0, 1, 2]);
  other?.take([0]);
  other?.take([1, 2]);
  third?.take([1, 0, 2]);
  expect(other?.order).toBe(one?.order);
  expect(third?.order).not.toBe(one?.order);
});
