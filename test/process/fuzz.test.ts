import { decode, encode } from "@msgpack/msgpack";
import { afterAll, beforeAll, expect, it } from "vitest";
import WebSocket from "ws";
import { isBlank } from "../../src/protocol/blank-text.ts";
import { seededRandom } from "../../src/testing/seeded-random.ts";
import { RAISED_LIMITS } from "../support/raised-limits.ts";
import { SECRETS, Server } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { Backend } from "./support/backend.ts";
import { fromEnv } from "./support/environment.ts";
import { framesIn, unpacked } from "./support/frame.ts";
import { hostile } from "./support/hostile-frames.ts";

const FRAMES = 10_008;
const SEED = fromEnv("FUZZ_SEED", 20_261_124);
const GROUP = 9;
const ROOM = "fuzz";
const WIRES = ["hibiki.v1.json", "hibiki.v1.msgpack", ""] as const;
type Wire = (typeof WIRES)[number];

let server: Server;
beforeAll(async () => {
  server = await Server.start(RAISED_LIMITS);
});
afterAll(() => server.stop());

it(`answers ${FRAMES} hostile frames (seed ${SEED}) without a crash, and the room goes on`, async () => {
  const random = seededRandom(SEED);
  const answers = new Map<string, number>();
  const count = (what: string) => answers.set(what, (answers.get(what) ?? 0) + 1);
  const observer = await connect("observer", "hibiki.v1.json");
  let observerClosed = false;
  observer.on("close", () => {
    observerClosed = true;
  });
  let ack = (_: unknown) => {};
  observer.on("message", (data) => {
    for (const { type, messageId, payload } of framesIn(data)) {
      if (type === "ack" && messageId === "after-all") ack(payload);
    }
  });

  let wire: Wire = "hibiki.v1.json";
  let attacker = await connect("attacker", wire);
  for (let sent = 0; sent < FRAMES; sent += GROUP) {
    // Ten bad frames in a row end a connection: nine, and then a good one whose answer tells that
    // the room has read them all.
    for (let i = 0; i < GROUP; i++) {
      const { data, binary } = hostile(random);
      attacker.send(data, { binary });
    }
    for (const what of await fate(attacker, wire)) {
      count(what);
      if (!what.startsWith("close")) continue;
      wire = WIRES[Math.floor(random() * WIRES.length)] ?? "";
      attacker = await connect("attacker", wire);
    }
  }
  attacker.terminate();

  const answer = await new Promise<unknown>((resolve) => {
    ack = resolve;
    const payload = { content: "still here" };
    observer.send(JSON.stringify({ type: "send_message", messageId: "after-all", payload }));
  });
  const messages = await new Backend(server.url, ROOM).history();
  console.log(
    JSON.stringify({
      test: "fuzz",
      seed: SEED,
      sent: FRAMES,
      ...Object.fromEntries(answers),
      stored: messages.length,
    }),
  );

  expect(answer).toMatchObject({ success: true });
  expect(observerClosed).toBe(false);
  expect([...answers.keys()].filter((what) => what === "close 1011")).toEqual([]);
  for (const message of messages) {
    if (message.deleted === true) continue;
    expect(message).toMatchObject({ userId: expect.stringMatching(/^(attacker|observer)$/) });
    expect(String(message.content).isWellFormed()).toBe(true);
    // A message of data alone has none.
    expect(message.content === "" || !isBlank(String(message.content))).toBe(true);
  }
  const events = server.output.split("\n").filter((line) => line.includes('"event":"error"'));
  expect(events).toEqual([]);
});

async function connect(sub: string, wire: Wire): Promise<WebSocket> {
  const token = tokenFor(sub, SECRETS.AUTH_SECRET);
  const url = `ws://127.0.0.1:${server.port}/v1/rooms/${ROOM}/ws?history=0`;
  const socket = new WebSocket(url, wire === "" ? [] : [wire], {
    headers: { Authorization: `Bearer ${token}` },
  });
  await new Promise((resolve, reject) => {
    socket.once("message", resolve);
    socket.once("error", reject);
  });
  socket.on("error", () => {});
  return socket;
}

/** What became of the frames before: the codes they were answered with, and a close if it came. */
function fate(socket: WebSocket, wire: Wire): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const answers: string[] = [];
    const finish = () => {
      socket.removeAllListeners();
      socket.on("error", () => {});
      resolve(answers);
    };
    socket.on("message", (data: Buffer, binary: boolean) => {
      for (const frame of binary ? unpacked(decode(data)) : framesIn(data)) {
        const code = frame.payload.code ?? frame.payload.error?.code;
        if (code !== undefined) answers.push(code);
        if (frame.type === "pong") finish();
      }
    });
    socket.on("close", (code: number) => {
      answers.push(`close ${code}`);
      finish();
    });
    // The field makes it a frame for the room, and not a heartbeat that the platform answers.
    const ping = { type: "ping", payload: {} };
    socket.send(wire === "hibiki.v1.msgpack" ? encode(ping) : JSON.stringify(ping));
  });
}
