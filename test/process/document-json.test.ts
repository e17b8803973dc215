import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";
import { CollabWriter } from "./support/collab-writer.ts";
import { sum } from "./support/sum.ts";
import { until } from "./support/until.ts";

const WRITERS = 10;
const EDITS = 40;
const EVERY_MS = 200;
/** What is wanted of an edit, from the key to its version, in 95 of 100 cases. */
const CONFIRM_MS = 150;
/** A machine that does other things at the same time is given so many of its own round trips instead. */
const ROUND_TRIPS = 15;
/** Where the characters begin of which each edit has one of its own. */
const FIRST = 0x4e00;

let server: BareServer;
beforeAll(async () => {
  // With the limits that everybody has: ten who write together must not run into them.
  server = await BareServer.start({}, { limits: "default" });
});
afterAll(() => server.stop());

describe("stock @codemirror/collab on a document in JSON", () => {
  it("lets ten write at once: all see one text with every edit once, and soon", async () => {
    const writers = await joined("ten");
    const roundTrips = await roundTripsOf(writers);
    await typeAll(writers);
    expectOneText(writers, WRITERS * EDITS);
    const confirmed = writers.flatMap(({ confirmedMs }) => confirmedMs);
    const [p50, p95] = [percentile(confirmed, 50), percentile(confirmed, 95)];
    const conflicts = sum(writers, (writer) => writer.conflicts);
    const roundTrip = percentile(roundTrips, 95);
    console.log(JSON.stringify({ test: "document-json", p50, p95, roundTrip, conflicts }));
    expect(confirmed).toHaveLength(WRITERS * EDITS);
    expect(p95).toBeLessThanOrEqual(Math.max(CONFIRM_MS, ROUND_TRIPS * roundTrip));
    for (const writer of writers) writer.drop();
  });

  it("loses and doubles nothing over a SIGKILL, and whoever comes later has the same", async () => {
    const writers = await joined("killed");
    const typing = typeAll(writers);
    await pause((EDITS * EVERY_MS) / 3);
    writers[0]?.snapshot();
    await pause((EDITS * EVERY_MS) / 3);
    await server.kill();
    for (const writer of writers) writer.drop();
    await pause(500);
    await server.up();
    await Promise.all(writers.map((writer) => writer.connect()));
    await typing;
    expectOneText(writers, WRITERS * EDITS);
    expect(writers.map(({ recoveries }) => recoveries)).toEqual(Array(WRITERS).fill(1));
    const last = await writer("killed", "late");
    await until(
      () => last.version === WRITERS * EDITS,
      () => `the late one at ${last.version}`,
    );
    expect(last.text).toBe(writers[0]?.text);
    const duplicates = sum(writers, (one) => one.duplicates);
    const conflicts = sum(writers, (one) => one.conflicts);
    console.log(JSON.stringify({ test: "document-json kill", duplicates, conflicts }));
    for (const one of [...writers, last]) one.drop();
  });
});

async function writer(room: string, id: string): Promise<CollabWriter> {
  const url = `ws://127.0.0.1:${server.port}/v1/rooms/document:${room}/ws`;
  const made = new CollabWriter(url, tokenFor(id, SECRETS.AUTH_SECRET), id);
  await made.connect();
  return made;
}

function joined(room: string): Promise<readonly CollabWriter[]> {
  return Promise.all(Array.from({ length: WRITERS }, (_, i) => writer(room, `writer-${i}`)));
}

/** Each types its own characters at its own pace, wherever; resolves when all have all of them. */
async function typeAll(writers: readonly CollabWriter[]): Promise<void> {
  await Promise.all(
    writers.map(async (one, index) => {
      await pause((index * EVERY_MS) / WRITERS);
      for (let edit = 0; edit < EDITS; edit++) {
        const place = (index * 7_919 + edit * 104_729) % (one.text.length + 1);
        one.type(String.fromCodePoint(FIRST + index * EDITS + edit), place);
        await pause(EVERY_MS);
      }
    }),
  );
  const total = WRITERS * EDITS;
  await until(
    () => writers.every(({ isSettled, version }) => isSettled && version === total),
    () => writers.map(({ id, version, faults }) => ({ id, version, faults })),
  );
}

function expectOneText(writers: readonly CollabWriter[], edits: number): void {
  expect(writers.flatMap(({ faults }) => faults)).toEqual([]);
  expect(new Set(writers.map(({ text }) => text)).size).toBe(1);
  const characters = [...(writers[0]?.text ?? "")].sort();
  expect(characters).toEqual(
    Array.from({ length: edits }, (_, i) => String.fromCodePoint(FIRST + i)),
  );
}

/** How long the machine takes for nothing: a frame to the room, and its answer. */
async function roundTripsOf(writers: readonly CollabWriter[]): Promise<readonly number[]> {
  const all: number[] = [];
  for (let i = 0; i < 20; i++) {
    all.push(...(await Promise.all(writers.map((one) => one.roundTripMs()))));
  }
  return all;
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.floor((sorted.length * percent) / 100)] ?? 0);
}
