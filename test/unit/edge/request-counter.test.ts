import { expect, it } from "vitest";
import { RequestCounter } from "../../../src/edge/request-counter.ts";

const MINUTE_MS = 60_000;

it("refuses what is one too many in a minute, by key, and says when the next begins", () => {
  const counter = new RequestCounter();
  const now = 10 * MINUTE_MS + 15_000;
  for (let i = 0; i < 3; i++) expect(counter.count("ada", 3, now)).toBe(0);
  expect(counter.count("ada", 3, now)).toBe(45_000);
  expect(counter.count("ben", 3, now)).toBe(0);
  expect(counter.count("ada", 3, 11 * MINUTE_MS)).toBe(0);
});

it("counts in windows of another length where it is told so", () => {
  const counter = new RequestCounter(1_000);
  expect(counter.count("ada", 1, 500)).toBe(0);
  expect(counter.count("ada", 1, 600)).toBe(400);
  expect(counter.count("ada", 1, 1_000)).toBe(0);
});

it("forgets the key that was not heard of for the longest, and never the busiest", () => {
  const counter = new RequestCounter();
  for (let i = 0; i < 30_000; i++) {
    if (i < 25_000) expect(counter.count("busy", 1_000_000, 0)).toBe(0);
    counter.count(`key-${i}`, 1, 0);
  }
  expect(counter.count("busy", 25_000, 0)).toBe(MINUTE_MS);
});

it("holds a bounded number of keys, and forgets the oldest first", () => {
  const counter = new RequestCounter();
  expect(counter.count("ada", 1, 0)).toBe(0);
  for (let i = 0; i < 20_000; i++) counter.count(`key-${i}`, 1, 0);
  expect(counter.count("ada", 1, 0)).toBe(0);
  expect(counter.count("key-19999", 1, 0)).toBe(MINUTE_MS);
});
