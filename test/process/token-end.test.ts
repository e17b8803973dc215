import { afterAll, beforeAll, expect, it } from "vitest";
import WebSocket from "ws";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { Backend } from "./support/backend.ts";
import { BareServer } from "./support/bare-server.ts";
import { framesIn } from "./support/frame.ts";
import { until } from "./support/until.ts";

const READERS = 300;
const ROOM = "ending";
/** Until the first token ends: all of them are in by then, on a slow machine too. */
const LEAD_MS = 30_000;
/** The tokens end within this, each at a fraction of a millisecond of its own. */
const SPREAD_MS = 1_000;
/** When nobody may hear any more: a second after the last end, and the clocks are the same. */
const AFTER_MS = 1_000;

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start();
});
afterAll(() => server.stop());

/** Someone whose token ends at a time with a fraction. */
class Reader {
  readonly endsAt: number;
  joined = false;
  code: number | undefined;
  /** When each message that it heard was sent, by the server's clock, milliseconds since the epoch. */
  readonly heard: number[] = [];

  constructor(port: number, userId: string, endsAt: number) {
    this.endsAt = endsAt;
    const token = tokenFor(userId, SECRETS.AUTH_SECRET, { exp: endsAt / 1000 });
    const protocols = ["hibiki.v1.json", `bearer.${token}`];
    const options = { closeTimeout: 200, handshakeTimeout: 5_000 };
    const url = `ws://127.0.0.1:${port}/v1/rooms/${ROOM}/ws?history=0`;
    const socket = new WebSocket(url, protocols, options);
    socket.on("error", () => {});
    socket.on("close", (code) => {
      this.code = code;
    });
    socket.on("message", (data) => {
      for (const { type, payload } of framesIn(data)) {
        if (type === "joined_room") this.joined = true;
        if (type === "new_message") this.heard.push(Date.parse(String(payload.timestamp)));
      }
    });
  }
}

it(`lets none of ${READERS} readers hear after a token's end with a fraction of a millisecond, and ends them all`, async () => {
  const firstEnd = Date.now() + LEAD_MS;
  const readers = Array.from({ length: READERS }, (_, i) => {
    return new Reader(server.port, `reader-${i}`, firstEnd + (i * SPREAD_MS) / READERS);
  });
  await until(() => readers.every(({ joined }) => joined));
  const lastEnd = firstEnd + SPREAD_MS;
  expect(Date.now()).toBeLessThan(firstEnd);
  const backend = new Backend(server.url, ROOM);
  let sent = 0;
  while (Date.now() < lastEnd + AFTER_MS + 2_000) {
    await backend.send("ann", `m-${sent}`, "still there?");
    sent += 1;
    await pause(100);
  }
  const late = readers.filter(({ heard, endsAt }) => (heard.at(-1) ?? 0) > endsAt + AFTER_MS);
  const open = readers.filter(({ code }) => code === undefined);
  console.log(JSON.stringify({ test: "token-end", readers: READERS, sent, late: late.length }));
  // Or the messages went to nobody, and this proves nothing.
  expect(readers.every(({ heard }) => heard.length > 5)).toBe(true);
  expect([late.length, open.length]).toEqual([0, 0]);
  expect([...new Set(readers.map(({ code }) => code))]).toEqual([4401]);
});
