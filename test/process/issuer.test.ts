import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { pause } from "../support/pause.ts";
import { BareServer } from "./support/bare-server.ts";
import { Issuer, newSigning, type Signing } from "./support/issuer.ts";
import { ShiftedClock } from "./support/shifted-clock.ts";
import { until } from "./support/until.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

let clock: ShiftedClock | string;
let ours: Signing;
let junk: Signing;
beforeAll(async () => {
  clock = ShiftedClock.build();
  ours = await newSigning("ours");
  junk = await newSigning("junk");
});

let issuer: Issuer;
let server: BareServer;
afterEach(async () => {
  await server.stop();
  issuer.stop();
});

async function start(): Promise<void> {
  const env = typeof clock === "string" ? {} : clock.environment;
  if (typeof clock !== "string") clock.shift(0);
  issuer = await Issuer.start(ours);
  server = await BareServer.start(issuer.vars, { env });
}

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly retryAfterMs?: number;
}

async function ask(token: string): Promise<Answer> {
  const response = await fetch(`${server.url}/v1/rooms/x/messages`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  const { error = {} } = (await response.json()) as { error?: object };
  return { status: response.status, ...error };
}

const times = <T>(count: number, make: () => Promise<T>) =>
  Promise.all(Array.from({ length: count }, make));

describe("an issuer of keys on a bare workerd", () => {
  it("is asked once for 200 junk tokens at once, and then lets in whom it knows", async () => {
    await start();
    const token = await junk.sign("mallory");
    const told = await times(200, () => ask(token));
    expect(new Set(told.map(({ code }) => code))).toEqual(new Set(["unauthorized"]));
    expect((await ask(await ours.sign("ada"))).status).toBe(200);
    expect(issuer.asked).toBe(1);
  });

  it("that is down is asked once for 200 tokens, and they are told when to come back", async () => {
    await start();
    issuer.mood = "down";
    const token = await ours.sign("ada");
    const told = await times(200, () => ask(token));
    expect(new Set(told.map(({ code }) => code))).toEqual(new Set(["internal"]));
    for (const { retryAfterMs = 0 } of told) {
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(10_000);
    }
    expect(issuer.asked).toBe(1);
    issuer.mood = "well";
    await pause(10_100);
    expect((await ask(token)).status).toBe(200);
  });

  it("that hangs is asked once, and nobody waits for longer than its time limit", async () => {
    await start();
    issuer.mood = "hanging";
    const token = await ours.sign("ada");
    const began = Date.now();
    const told = await times(200, () => ask(token));
    expect(Date.now() - began).toBeLessThan(20_000);
    expect(new Set(told.map(({ code }) => code))).toEqual(new Set(["internal"]));
    expect(issuer.asked).toBe(1);
  });

  it("that is away for 23 hours locks nobody out, neither at the door nor in a room", async ({
    skip,
  }) => {
    if (typeof clock === "string") return skip(clock);
    await start();
    const token = await ours.sign("ada", 3 * DAY);
    expect((await ask(token)).status).toBe(200);
    issuer.mood = "down";
    clock.shift(23 * HOUR);
    for (let i = 0; i < 20; i++) expect((await ask(token)).status).toBe(200);
    const socket = new WebSocket(`${server.url}/v1/rooms/x/ws`, [
      "hibiki.v1.json",
      `bearer.${token}`,
    ]);
    const heard: string[] = [];
    socket.on("message", (data) => heard.push(String(data)));
    await until(
      () => heard.some((text) => text.includes("joined_room")),
      () => "not let in",
    );
    socket.send(JSON.stringify({ type: "refresh_token", payload: { token } }));
    await until(
      () => heard.some((text) => text.includes("token_refreshed")),
      () => heard.join(),
    );
    socket.terminate();
    // Once cold, and once behind an answer: the room looks at the same keys.
    expect(issuer.asked).toBe(2);
    clock.shift(25 * HOUR);
    expect((await ask(token)).code).toBe("internal");
  });

  it("has a new key taken up by the first token that names it, half a minute after the last fetch", async ({
    skip,
  }) => {
    if (typeof clock === "string") return skip(clock);
    await start();
    expect((await ask(await ours.sign("ada"))).status).toBe(200);
    const next = await newSigning("next");
    issuer.keys = [ours.jwk, next.jwk];
    clock.shift(31);
    expect((await ask(await next.sign("ada"))).status).toBe(200);
    expect((await ask(await ours.sign("ada"))).status).toBe(200);
    const token = await junk.sign("mallory");
    const told = await times(50, () => ask(token));
    expect(new Set(told.map(({ code }) => code))).toEqual(new Set(["unauthorized"]));
    expect(issuer.asked).toBe(2);
  });
});
