import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RealtimeClient, refusal } from "../../src/client/index.ts";
import type { LiveRoom } from "../../src/client/live-room.ts";
import { seededRandom } from "../../src/testing/seeded-random.ts";
import { ballot1, ballot2, ballot3 } from "../fixtures/kinds/ballot/contracts.ts";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { ask, askJson } from "./support/asking.ts";
import { BareServer } from "./support/bare-server.ts";
import { HookLedger } from "./support/hook-ledger.ts";
import { openRoomFile } from "./support/room-file.ts";
import { storedRooms } from "./support/stored-room.ts";
import { until } from "./support/until.ts";
import { VersionedReader } from "./support/versioned-reader.ts";

/** One of which all of the log is there, and one of which retention has dropped what is old. */
const WHOLE = "ballot:whole";
const TRIMMED = "ballot:trimmed";
const ROOMS = [WHOLE, TRIMMED] as const;
const TRANSPORTS = ["websocket", "sse", "poll"] as const;
const THREE_DAYS_MS = 3 * 86_400_000;

let ledger: HookLedger;
let server: BareServer;
/** Who came with the first version, by room; and with the later ones. */
const old = new Map<string, readonly LiveRoom<typeof ballot1>[]>();
const clients: RealtimeClient[] = [];
/** Of each room, what was stored, as the last version says it. */
const books = new Map(ROOMS.map((room) => [room, { counts: {}, notes: 0, total: 0 }]));

beforeAll(async () => {
  ledger = await HookLedger.start(seededRandom(1));
  // A rule that is run after a vote fails, and waits for the deployment that follows.
  ledger.moods = { refuses: 1, forgetsToAnswer: 0 };
  const vars = { ...ledger.vars, HISTORY_MAX_DAYS: "1", HEARTBEAT_SWEEP_MS: "1000" };
  server = await BareServer.start(vars, { bundle: bundle("1") });
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await server.stop();
  await ledger.stop();
});

describe("three deployments of one contract on one store, with clients that stay", () => {
  it("begins with the first version, and trims one log below its state (P12.9)", async () => {
    for (const room of ROOMS) {
      const people = TRANSPORTS.map((transport) =>
        clientOf(transport, transport).room(ballot1, room),
      );
      old.set(room, people);
      for (const one of people) {
        await one.send("vote", { choice: "soup" });
        await one.send("note", { text: "from the first" });
        book(room, "soup");
        note(room);
      }
      await people[0]?.send("vote", { choice: "bread" });
      book(room, "bread");
      const choices = ["soup", "soup", "soup", "bread"];
      for (const one of people) {
        await until(
          () => JSON.stringify(one.state) === JSON.stringify({ choices, notes: 3 }),
          () => one.state,
        );
      }
    }
    const reader = await VersionedReader.open(server.port, WHOLE, ballot1);
    await old.get(WHOLE)?.[0]?.send("note", { text: "it folds" });
    note(WHOLE);
    await until(() => reader.of("note").length === 1);
    expect(reader.of("state")).toEqual([]);

    await server.kill();
    const file = openRoomFile(server.data, TRIMMED);
    file.prepare("UPDATE log SET at = at - ?").run(THREE_DAYS_MS);
    file.close();
    await server.up();
    while ((await statsOf(TRIMMED)).logRows > 1) await pause(200);
  });

  it("closes the room whose state cannot be told to everybody, erases nothing, and says to operators alone what to write (P12.12)", async () => {
    const trimmed = old.get(TRIMMED) ?? [];
    await server.kill();
    const before = contentsOf(TRIMMED);
    await deploy("2-unready");
    const said = {
      code: "internal",
      retryable: true,
      retryAfterMs: 5_000,
      message: expect.not.stringMatching(/migrate|contract/i),
    };
    for (const [method, path, body] of [
      ["GET", "/state"],
      ["GET", "/poll"],
      ["GET", "/poll?wait=1"],
      ["GET", "/events"],
      ["GET", "/stats"],
      ["GET", "/users"],
      ["GET", "/export"],
      ["POST", "/events/note", { text: "no" }],
      ["DELETE", ""],
    ] as const) {
      const response = await ask(`${server.url}/v1/rooms/${TRIMMED}${path}`, method, body);
      const told = [path, response.status, response.headers.get("Retry-After")];
      expect([...told, await response.json()]).toEqual([path, 500, "5", { error: said }]);
    }
    const reader = await VersionedReader.open(server.port, TRIMMED, ballot1);
    await until(() => reader.code !== undefined);
    expect([reader.code, reader.of("error")]).toEqual([1011, [said]]);
    await until(() => trimmed.every(({ reason }) => reason?.code === "internal"));
    expect(trimmed.map(({ status }) => status)).toEqual(TRANSPORTS.map(() => "reconnecting"));
    expect(server.output).toContain("Write migrate[1].state");
    // The other one was folded anew by the same deployment.
    expect(await stateOf(WHOLE)).toEqual({ counts: { soup: 3, bread: 1 }, notes: 4 });
    await server.kill();
    expect(contentsOf(TRIMMED)).toEqual(before);
  });

  it("goes on with the second version: clients of the first are sent its state, hear its events, and are refused what it does not take (P12.9, P12.11)", async () => {
    await deploy("2");
    ledger.moods = { refuses: 0, forgetsToAnswer: 0 };
    for (const room of ROOMS) {
      const people = old.get(room) ?? [];
      const heard: unknown[][] = people.map(() => []);
      people.forEach((one, at) => {
        one.on("vote", ({ data }) => heard[at]?.push(data));
      });
      const dan = clientOf("dan", "websocket").room(ballot2, room);
      await until(() => dan.state !== undefined && people.every(({ status }) => status === "open"));
      await dan.send("vote", { option: "rice" });
      book(room, "rice");
      for (const [at, one] of people.entries()) {
        await one.send("note", { text: "this is as it was" });
        note(room);
        const error: unknown = await one.send("vote", { choice: "salt" }).catch((e: unknown) => e);
        expect(refusal(ballot1, error)).toMatchObject({
          code: TRANSPORTS[at] === "websocket" ? "invalid_frame" : "invalid_request",
          retryable: false,
          message: expect.stringContaining("option"),
        });
        await until(() => heard[at]?.length === 1);
        expect(heard[at]).toEqual([{ option: "rice" }]);
      }
      const { counts, notes } = bookOf(room);
      for (const one of [dan, ...people]) {
        await until(
          () => JSON.stringify(sorted(one.state)) === JSON.stringify(sorted({ counts, notes })),
          () => one.state,
        );
      }
    }
    const { epoch } = await askJson<{ epoch: string }>(`${server.url}/v1/rooms/${WHOLE}/poll`);
    const reader = await VersionedReader.open(server.port, WHOLE, ballot1, { epoch, seq: 0 });
    await until(() => reader.of("vote").length === 5);
    expect(reader.of("vote")).toEqual(
      ["soup", "soup", "soup", "bread", "rice"].map((option) => ({ option })),
    );
    await old.get(WHOLE)?.[0]?.send("note", { text: "and the state" });
    note(WHOLE);
    const { counts, notes } = bookOf(WHOLE);
    await until(() => reader.of("state").length > 0);
    expect(reader.of("state").at(-1)).toMatchObject({ state: { counts, notes } });
    reader.leave();
    // What waited for its rule over the deployment is of today's shape; then others wait for the next.
    await until(() => aftersFor("option").length >= 2 * 5);
    expect(ledger.afters.every((told) => told.includes('"option"'))).toBe(true);
    ledger.moods = { refuses: 1, forgetsToAnswer: 0 };
    const [dan] = clients.slice(-1);
    await dan?.room(ballot2, TRIMMED).send("vote", { option: "late" });
    book(TRIMMED, "late");
  });

  it("ends with the third: who names the first is sent away for good, and the state is what all events come to (P12.10, P12.12)", async () => {
    await deploy("3");
    ledger.moods = { refuses: 0, forgetsToAnswer: 0 };
    const gone = [...old.values()].flat();
    await until(
      () => gone.every(({ status }) => status === "closed"),
      () => gone.map(({ status, reason }) => [status, reason]),
    );
    for (const one of gone) {
      expect(one.reason?.code).toBe("upgrade_required");
      const error: unknown = await one.send("note", { text: "no" }).catch((e: unknown) => e);
      expect(refusal(ballot1, error)?.code).toBe("disconnected");
    }
    const reader = await VersionedReader.open(server.port, WHOLE, ballot1);
    await until(() => reader.code !== undefined);
    expect([reader.code, reader.of("error")]).toMatchObject([
      4426,
      [{ code: "upgrade_required", message: expect.stringContaining("load the new one") }],
    ]);
    const named = `contract=${ballot1.version}.${ballot1.hash}`;
    for (const path of [`poll?${named}`, `events?${named}`]) {
      expect((await ask(`${server.url}/v1/rooms/${WHOLE}/${path}`, "GET")).status).toBe(426);
    }
    for (const room of ROOMS) {
      const dan = clientOf("dan", "websocket").room(ballot2, room);
      const eve = clientOf("eve", "websocket").room(ballot3, room);
      await dan.send("vote", { option: "rice" });
      await eve.send("vote", { option: "soup", weight: 3 });
      book(room, "rice");
      book(room, "soup", 3);
      for (const one of [dan, eve]) {
        await until(
          () => JSON.stringify(sorted(one.state)) === JSON.stringify(sorted(bookOf(room))),
          () => one.state,
        );
      }
      expect(await stateOf(room)).toEqual(bookOf(room));
    }
    await until(() => aftersFor("late").length > 0);
    expect(aftersFor("late")[0]).toContain(JSON.stringify({ option: "late", weight: 1 }));
    await server.kill();
    expect(replayed()).toEqual(bookOf(WHOLE));
  });
});

function bundle(version: string): string {
  return bundleOf(join(ROOT, "test", "fixtures", "kinds", "ballot", `worker-${version}.ts`));
}

async function deploy(version: string): Promise<void> {
  await server.kill();
  server.deploy(bundle(version));
  await server.up();
}

function clientOf(userId: string, transport: (typeof TRANSPORTS)[number]): RealtimeClient {
  const token = tokenFor(userId, SECRETS.AUTH_SECRET);
  const client = new RealtimeClient({ url: server.url, token, transport });
  clients.push(client);
  return client;
}

function statsOf(room: string): Promise<{ readonly logRows: number }> {
  return askJson(`${server.url}/v1/rooms/${room}/stats`);
}

async function stateOf(room: string): Promise<unknown> {
  return (await askJson<{ state: unknown }>(`${server.url}/v1/rooms/${room}/state`)).state;
}

type Book = { counts: Record<string, number>; notes: number; total: number };

function bookOf(room: string): Book {
  return books.get(room as typeof WHOLE) as Book;
}

function book(room: string, option: string, weight = 1): void {
  const kept = bookOf(room);
  kept.counts[option] = (kept.counts[option] ?? 0) + weight;
  kept.total += weight;
}

function note(room: string): void {
  bookOf(room).notes += 1;
}

/** Keys of a state in one order: a fold and a book come by them in two. */
function sorted(state: unknown): unknown {
  if (typeof state !== "object" || state === null || Array.isArray(state)) return state;
  const entries = Object.entries(state).map(([key, value]) => [key, sorted(value)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the rule that is run afterwards was told of a vote, each as often as it was. */
function aftersFor(word: string): readonly string[] {
  return [...new Set(ledger.afters)].filter((told) => told.includes(word));
}

/** What lies on the disk of a room. */
function contentsOf(room: string): unknown {
  const file = openRoomFile(server.data, room);
  try {
    return ["log", "own", "outbox"].map((table) => file.prepare(`SELECT * FROM ${table}`).all());
  } finally {
    file.close();
  }
}

/** The state of the whole room by what lies on the disk, read by nothing of ours. */
function replayed(): Book {
  const state: Book = { counts: {}, notes: 0, total: 0 };
  for (const { type, payload } of storedRooms(server.data).get(WHOLE)?.events ?? []) {
    const { choice, option = choice, weight = 1 } = JSON.parse(payload);
    if (type === "note") state.notes += 1;
    else {
      state.counts[option] = (state.counts[option] ?? 0) + weight;
      state.total += weight;
    }
  }
  return state;
}
