import { beforeEach, expect, it } from "vitest";
import { Pump } from "../../../src/testing/pump.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";

let clock: VirtualClock;
let pump: Pump;
let done: string[];

beforeEach(() => {
  clock = new VirtualClock(0);
  pump = new Pump(clock);
  done = [];
});

function at(ms: number, name: string): void {
  clock.after(ms, () => done.push(name));
}

/** Passes time until work is done; what it answers. */
async function until<T>(work: Promise<T>): Promise<T> {
  await pump.passFor(work, () => false);
  return work;
}

/** Something that is done at a time. */
function due(ms: number): Promise<number> {
  return new Promise((resolve) => clock.after(ms, () => resolve(clock.now())));
}

it("passes as much time as what is waited for takes, and does all that is due with it", async () => {
  at(10, "first");
  at(20, "second");
  const work = due(20);
  at(20, "of the same moment");
  at(21, "later");
  expect(await until(work)).toBe(20);
  expect(done).toEqual(["first", "second", "of the same moment"]);
  expect(clock.now()).toBe(20);
});

it("serves many who wait at once, each at its time", async () => {
  const order: string[] = [];
  await Promise.all([
    until(due(30)).then(() => order.push("long")),
    until(due(10)).then(() => order.push("short")),
    pump.advance(20).then(() => order.push(`advanced to ${clock.now()}`)),
  ]);
  expect(order).toEqual(["short", "advanced to 20", "long"]);
});

it("says so when nothing comes of what is waited for", async () => {
  const never = new Promise<void>(() => {});
  await expect(until(never)).rejects.toThrow("Nothing comes of what is waited for");
  const beat = () => clock.after(1_000, beat);
  beat();
  await expect(until(never)).rejects.toThrow("however much time passes");
});

it("waits for what goes on outside, and lets it use the clock meanwhile", async () => {
  const outside = pump.waitFor(
    (async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await due(0);
      done.push("outside");
    })(),
  );
  at(5, "later");
  await pump.pass(() => pump.outside === 0);
  expect(done).toEqual(["outside"]);
  expect(clock.now()).toBe(0);
  await outside;
});

it("goes on without what takes too long outside", async () => {
  void pump.waitFor(new Promise(() => {}));
  at(5, "later");
  await pump.advance(5);
  expect(done).toEqual(["later"]);
});
