import { beforeEach, expect, it } from "vitest";
import { Late } from "../../../src/client/late.ts";
import { FakeNetwork } from "./support/fake-network.ts";
import { ManualClock, settle } from "./support/manual-clock.ts";

let clock: ManualClock;
/** How often its code was asked for, and how often that fails first. */
let asked: number;
let failures: number;
let late: Late<string[]>;

beforeEach(() => {
  clock = new ManualClock();
  asked = 0;
  failures = 0;
  late = new Late(new FakeNetwork(clock).environment, async () => {
    asked += 1;
    if (asked <= failures) throw new Error("no code");
    return [];
  });
});

it("is asked for when it is first used, once, and does all in order", async () => {
  await settle();
  expect([asked, late.made]).toEqual([0, undefined]);
  for (const word of ["a", "b"]) late.use((said) => said.push(word));
  await settle();
  late.use((said) => said.push("c"));
  expect([asked, late.made]).toEqual([1, ["a", "b", "c"]]);
});

it("is asked for again every second until it can be had", async () => {
  failures = 2;
  late.use((said) => said.push("a"));
  await clock.advance(500);
  late.use((said) => said.push("b"));
  expect([asked, late.made]).toEqual([1, undefined]);
  await clock.advance(1_500);
  expect([asked, late.made]).toEqual([3, ["a", "b"]]);
});

it("keeps the newest 256 things to do while it cannot be had", async () => {
  failures = 1;
  for (let at = 0; at < 1_000; at += 1) late.use((said) => said.push(String(at)));
  await clock.advance(1_000);
  expect([late.made?.length, late.made?.[0], late.made?.at(-1)]).toEqual([256, "744", "999"]);
});

it("is asked for no more once nothing is to be done with it", async () => {
  failures = 9;
  late.use((said) => said.push("a"));
  await clock.advance(1_000);
  late.drop();
  await clock.advance(10_000);
  expect([asked, clock.pending]).toEqual([2, 0]);
});

it("follows what it is used for, and is not asked for to follow nothing", async () => {
  late.follow((said) => said.push("a"));
  await settle();
  expect(asked).toBe(0);
  late.use((said) => said.push("b"));
  late.follow((said) => said.push("c"));
  await settle();
  late.follow((said) => said.push("d"));
  expect(late.made).toEqual(["b", "c", "d"]);
});
