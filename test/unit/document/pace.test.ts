import { expect, it } from "vitest";
import { paceMs } from "../../../src/document/pace.ts";

const NOW = Date.UTC(2026, 0, 1);

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
