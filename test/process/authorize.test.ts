import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import WebSocket from "ws";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";
import { Doorman } from "./support/doorman.ts";
import { framesIn } from "./support/frame.ts";
import { until } from "./support/until.ts";

/** For how long the rule grants, and its answer stands once more, in milliseconds. */
const FOR_MS = 30_000;
/** What the machine may be late by: alarms, and a rule that hangs for its 5 s. */
const LATE_MS = 20_000;

let doorman: Doorman;
let server: BareServer;

beforeAll(async () => {
  doorman = await Doorman.start();
  const bundle = bundleOf(join(ROOT, "test", "fixtures", "kinds", "guarded-worker.ts"));
  server = await BareServer.start({ DOOR_URL: doorman.url }, { bundle });
});
beforeEach(() => {
  doorman.delayMs = 0;
});
afterAll(async () => {
  await server.stop();
  await doorman.stop();
});

const token = (userId: string) => tokenFor(userId, SECRETS.AUTH_SECRET, { rooms: {} });

/** Somebody who is in a room and says nothing but that they live, so that it sleeps. */
class Insider {
  readonly frames: { type: string; payload?: unknown }[] = [];
  code: number | undefined;
  closedAt = Number.POSITIVE_INFINITY;
  readonly #socket: WebSocket;

  private constructor(room: string, userId: string) {
    const protocols = ["hibiki.v1.json", `bearer.${token(userId)}`];
    this.#socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/rooms/${room}/ws`, protocols);
    const beat = setInterval(() => this.#socket.send('{"type":"ping"}'), 10_000);
    this.#socket.on("message", (data) => {
      if (String(data) !== '{"type":"pong"}') this.frames.push(...framesIn(data));
    });
    this.#socket.on("error", () => {});
    this.#socket.on("close", (code) => {
      clearInterval(beat);
      this.code = code;
      this.closedAt = Date.now();
    });
  }

  static async enter(room: string, userId: string): Promise<Insider> {
    const insider = new Insider(room, userId);
    await until(() => insider.of("joined_room").length > 0);
    return insider;
  }

  of(type: string): readonly unknown[] {
    return this.frames.flatMap((frame) => (frame.type === type ? [frame.payload] : []));
  }

  send(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  leave(): void {
    this.#socket.terminate();
  }
}

function get(room: string, userId: string, signal?: AbortSignal): Promise<Response> {
  const headers = { Authorization: `Bearer ${token(userId)}` };
  const url = `${server.url}/v1/rooms/${room}/users`;
  return fetch(url, { headers, ...(signal === undefined ? {} : { signal }) });
}

it("asks again when the time is over, in a room that sleeps: who is refused goes, who changes is told, and for whom it fails the answer stands once more (P14.5, P14.6, P14.7)", async () => {
  const names = ["stays", "changes", "refuses", "fails", "hangs"];
  const rooms = names.map((name) => `club:${name}`);
  const joinedAt = Date.now();
  const insiders = await Promise.all(rooms.map((room) => Insider.enter(room, "ada")));
  const [stays, changes, refuses, fails, hangs] = insiders as [
    Insider,
    Insider,
    Insider,
    Insider,
    Insider,
  ];
  doorman.words.set("club:changes", { role: "guest" });
  doorman.words.set("club:refuses", "refuse");
  doorman.words.set("club:fails", "fail");
  doorman.words.set("club:hangs", "hang");

  await until(
    () => refuses.code !== undefined,
    () => refuses.frames,
    FOR_MS + LATE_MS,
  );
  await until(() => changes.of("you").length > 0);
  expect(refuses.closedAt - joinedAt).toBeGreaterThanOrEqual(FOR_MS - 1_000);
  expect(refuses.code).toBe(4403);
  expect(refuses.of("error")).toMatchObject([{ code: "not_a_member", message: "No more." }]);
  expect(changes.of("you")).toEqual([{ can: ["read"], member: { role: "guest" } }]);
  expect([fails.code, hangs.code]).toEqual([undefined, undefined]);

  const outside = await get("club:fails", "ben");
  expect([outside.status, await outside.json()]).toMatchObject([
    503,
    { error: { code: "unavailable" } },
  ]);
  for (const [room, insider] of [
    ["club:fails", fails],
    ["club:hangs", hangs],
  ] as const) {
    await until(
      () => insider.code !== undefined,
      () => room,
      FOR_MS + LATE_MS,
    );
    expect(insider.code).toBe(4401);
    expect(insider.closedAt - joinedAt).toBeGreaterThanOrEqual(2 * FOR_MS - 1_000);
    expect(doorman.asks(room)).toBeGreaterThan(2);
  }
  expect([stays.code, changes.code]).toEqual([undefined, undefined]);
  expect(doorman.asks("club:stays")).toBeGreaterThanOrEqual(2);
  expect(stays.of("you")).toEqual([]);
  const [waitedMs, asked] = [Date.now() - joinedAt, doorman.asked.length];
  console.log(JSON.stringify({ test: "authorize", waitedMs, asked }));
  expect(server.output).toContain('"where":"authorize"');
  for (const insider of insiders) insider.leave();
});

it("asks about everybody inside at a nudge, and before it answers a new token (P14.5, P14.8)", async () => {
  const room = "club:nudged";
  const insiders = await Promise.all(
    Array.from({ length: 40 }, (_, i) => Insider.enter(room, `user-${i}`)),
  );
  doorman.words.set(room, { role: "guest" });
  const response = await fetch(`${server.url}/v1/rooms/${room}/reauthorize`, {
    method: "POST",
    headers: { Authorization: `Bearer ${SECRETS.API_KEY}` },
  });
  expect([response.status, await response.json()]).toEqual([202, { asked: 40 }]);
  await until(() => insiders.every((insider) => insider.of("you").length === 1));
  const [first] = insiders;
  doorman.words.set(room, "refuse");
  first?.send({
    type: "refresh_token",
    messageId: "m-1",
    payload: { token: token("user-0") },
  });
  await until(() => first?.code !== undefined);
  expect(first?.code).toBe(4403);
  expect(first?.of("ack")).toMatchObject([{ success: false, error: { code: "not_a_member" } }]);
  expect(insiders[1]?.code).toBeUndefined();
  for (const insider of insiders) insider.leave();
});

it("asks once for many requests at once, also when the first of them is given up", async () => {
  const room = "club:asked";
  doorman.delayMs = 1_000;
  const givenUp = new AbortController();
  const first = get(room, "ada", givenUp.signal).catch(() => undefined);
  await until(() => doorman.asks(room) === 1);
  const others = Array.from({ length: 20 }, () => get(room, "ada"));
  await pause(200);
  givenUp.abort();
  await first;
  const statuses = (await Promise.all(others)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(doorman.asks(room)).toBe(1);
});
