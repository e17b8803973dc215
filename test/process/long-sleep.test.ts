import { afterAll, beforeAll, expect, it } from "vitest";
import WebSocket from "ws";
import { BOUNDS } from "../../src/protocol/limits.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { Backend } from "./support/backend.ts";
import { BareServer } from "./support/bare-server.ts";
import { type Frame, framesIn } from "./support/frame.ts";
import { ShiftedClock } from "./support/shifted-clock.ts";
import { until } from "./support/until.ts";

const ROOM = "slept";
const EVENTS_BETWEEN = 1_500;
/** Longer than a messageId is remembered by itself. */
const ASLEEP_S = 10 * (BOUNDS.dedupeWindowMs / 1_000);

let clock: ShiftedClock | string;
let server: BareServer | undefined;
beforeAll(() => {
  clock = ShiftedClock.build();
});
afterAll(() => server?.stop());

it("stores once what was sent before a long sleep and never heard of, over thousands of events and a SIGKILL", async ({
  skip,
}) => {
  if (typeof clock === "string") return skip(clock);
  const running = await BareServer.start({}, { env: clock.environment });
  server = running;
  const backend = new Backend(running.url, ROOM);
  await backend.send("ben", "first", "before it all");
  const sentAt = await backend.head();

  const sleepers = [new Sleeper(running.port), new Sleeper(running.port)];
  const frames = sleepers.map((_, i) => messageFrame(`unheard-${i}`, sentAt));
  for (const [i, sleeper] of sleepers.entries()) await sleeper.sendUnheard(frames[i], backend);
  const byHttp = await say(running.url, "unheard-http", sentAt);
  for (let i = 0; i < EVENTS_BETWEEN; i += 50) {
    const keys = Array.from({ length: 50 }, (_, k) => `between-${i + k}`);
    await Promise.all(keys.map((key) => backend.send("ben", key, key)));
  }
  await running.kill();
  clock.shift(ASLEEP_S);
  await running.up();

  const acks = await Promise.all(sleepers.map((sleeper, i) => sleeper.sendAgain(frames[i])));
  const again = await say(running.url, "unheard-http", sentAt);
  const other = await say(running.url, "unheard-0", sentAt, "another text");
  const history = await backend.history();
  const times = new Map<string, number>();
  for (const { messageId = "" } of history) times.set(messageId, (times.get(messageId) ?? 0) + 1);
  console.log(
    JSON.stringify({
      test: "long-sleep",
      asleepS: ASLEEP_S,
      stored: history.length,
      storedTwice: [...times].filter(([, count]) => count > 1).length,
      acks: acks.map(({ payload }) => payload),
      again,
    }),
  );
  expect(acks.map(({ payload }) => payload)).toEqual([
    { success: true, savedId: 2, duplicate: true },
    { success: true, savedId: 3, duplicate: true },
  ]);
  expect(byHttp).toEqual({ status: 201, savedId: 4 });
  expect(again).toEqual({ status: 200, savedId: 4, duplicate: true });
  expect(other).toMatchObject({ status: 409, error: { code: "conflict" } });
  expect(history).toHaveLength(4 + EVENTS_BETWEEN);
  expect([...times.values()].filter((count) => count > 1)).toEqual([]);
});

function messageFrame(messageId: string, sentAt: number) {
  return { type: "send_message", messageId, sentAt, payload: { content: "asleep" } };
}

/** Says the same over HTTP, as the same person. */
async function say(url: string, key: string, sentAt: number, content = "asleep"): Promise<object> {
  const response = await fetch(`${url}/v1/rooms/${ROOM}/messages?sentAt=${sentAt}`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${tokenFor("ada", SECRETS.AUTH_SECRET)}`,
      "Idempotency-Key": key,
    },
    body: JSON.stringify({ content }),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

/** A device of one person that falls asleep before it hears of what it sent. */
class Sleeper {
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends a frame, is gone before the answer, and knows only that it left. */
  async sendUnheard(frame: object | undefined, backend: Backend): Promise<void> {
    const head = await backend.head();
    const { socket } = await this.#join();
    socket.pause();
    socket.send(JSON.stringify(frame));
    await eventually(async () => (await backend.head()) > head);
    socket.terminate();
  }

  /** Sends it again from a new connection; what it is answered. */
  async sendAgain(frame: object | undefined): Promise<Frame> {
    const { socket, heard } = await this.#join();
    socket.send(JSON.stringify(frame));
    const ack = () => heard.find(({ type }) => type === "ack");
    await until(
      () => ack() !== undefined,
      () => heard,
    );
    socket.terminate();
    return ack() as Frame;
  }

  async #join(): Promise<{ readonly socket: WebSocket; readonly heard: readonly Frame[] }> {
    const heard: Frame[] = [];
    const socket = new WebSocket(`ws://127.0.0.1:${this.#port}/v1/rooms/${ROOM}/ws?history=0`, [
      "hibiki.v1.json",
      `bearer.${tokenFor("ada", SECRETS.AUTH_SECRET)}`,
    ]);
    socket.on("error", () => {});
    socket.on("message", (data) => heard.push(...framesIn(data)));
    await until(
      () => heard.some(({ type }) => type === "joined_room"),
      () => "a joined_room",
    );
    return { socket, heard };
  }
}

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries === 1_000) throw new Error("never");
  }
}
