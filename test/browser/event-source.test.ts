import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mintToken } from "../../src/auth/mint.ts";
import { SECRETS, Server } from "../support/server.ts";
import { launch } from "./support/chromium.ts";

const ROOM = "stream";

let server: Server;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** What the page's script writes down for the test to read. */
interface Heard {
  readonly seqs: number[];
  readonly recovered: boolean[];
  /** Events of the default type, which there must be none of. */
  unnamed: number;
}

it("loses and repeats nothing for a browser's own EventSource when the server is killed", async () => {
  const request = { sub: "ada", rooms: { [ROOM]: ["read"] as const }, ttlSeconds: 600 };
  const { token } = await mintToken({ secret: SECRETS.AUTH_SECRET }, request, Date.now());
  const page = await browser.newPage();
  await page.goto(`${server.url}/healthz`);
  await page.evaluate((url) => {
    const heard: Heard = { seqs: [], recovered: [], unnamed: 0 };
    const source = new EventSource(url);
    source.addEventListener("joined_room", ({ data }) => {
      heard.recovered.push(JSON.parse(data).payload.recovered);
    });
    source.addEventListener("new_message", ({ data }) => {
      heard.seqs.push(JSON.parse(data).seq);
    });
    source.onmessage = () => {
      heard.unnamed += 1;
    };
    Object.assign(globalThis, { heard });
  }, `/v1/rooms/${ROOM}/events?token=${token}`);
  const heard = () => page.evaluate(() => Reflect.get(globalThis, "heard") as Heard);
  const until = async (condition: (heard: Heard) => boolean) => {
    for (let tries = 0; !condition(await heard()); tries++) {
      if (tries === 600) throw new Error(`Never came: ${JSON.stringify(await heard())}`);
      await page.waitForTimeout(50);
    }
  };

  await until(({ recovered }) => recovered.length === 1);
  const writing = write(60);
  await until(({ seqs }) => seqs.length >= 20);
  await server.kill();
  await server.up();
  await writing;
  await until(({ seqs }) => seqs.length >= 60);

  expect(await heard()).toEqual({
    seqs: Array.from({ length: 60 }, (_, i) => i + 1),
    recovered: [false, true],
    unnamed: 0,
  });
  await page.close();
});

/** Stores so many messages, one after the other, each tried until it is. */
async function write(count: number): Promise<void> {
  for (let i = 1; i <= count; ) {
    const response = await fetch(`${server.url}/v1/rooms/${ROOM}/messages?as=ben`, {
      method: "POST",
      headers: { Authorization: `Bearer ${SECRETS.API_KEY}`, "Idempotency-Key": `message-${i}` },
      body: JSON.stringify({ content: `message ${i}` }),
    }).catch(() => undefined);
    if (response?.ok) i += 1;
    await new Promise((resolve) => setTimeout(resolve, response?.ok ? 20 : 200));
  }
}
