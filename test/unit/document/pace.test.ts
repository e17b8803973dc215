import { expect, it } from "vitest";
import { cursorPaceMs, paceMs } from "../../../src/document/pace.ts";

const NOW = Date.UTC(2026, 0, 1);

it.each([
  ["are gathered for a second of somebody who is alone", 1, 1_000],
  ["are told as fast as text up to ten people", 10, 50],
  ["wait for twice as long where each is repeated by twenty", 20, 100],
  ["wait for no longer, however many there are", 5_000, 100],
])("cursors %s", (_, connections, gapMs) => {
  expect(cursorPaceMs(connections, NOW, NOW)).toBe(gapMs);
  expect(cursorPaceMs(connections, NOW, NOW + gapMs), "after a quiet time").toBe(0);
});

it.each([
  ["waits for nobody when the last one has left", 0, 0],
  ["gathers a second of typing of somebody who is alone into one row", 1, 1_000],
  ["lets two type together almost at once", 2, 5],
  ["fills what twenty are told", 20, 50],
  ["makes nobody wait for longer than people notice, however many they are", 5_000, 50],
])("%s", (_, connections, gapMs) => {
  expect(paceMs(connections, NOW, NOW)).toBe(gapMs);
  expect(paceMs(connections, NOW, NOW + gapMs), "after a quiet time").toBe(0);
  expect(paceMs(connections, NOW + 86_400_000, NOW), "after a clock was set back").toBe(gapMs);
});
