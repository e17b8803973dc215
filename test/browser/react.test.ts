import { createServer, type Server as PageServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { RealtimeClient } from "../../src/client/index.ts";
import { counter } from "../fixtures/kinds/counter.ts";
import { poll } from "../fixtures/kinds/poll.ts";
import { BareServer } from "../process/support/bare-server.ts";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { launch } from "./support/chromium.ts";
import { complaintsOf } from "./support/complaints.ts";
import { Page as App, type Part } from "./support/react-app.ts";

let server: BareServer;
let pages: PageServer;
let address: string;
let browser: Browser;
/** What the page's root holds before its script runs: what a server has rendered. */
let rendered = "";
const open: { page: Page; complaints: readonly string[] }[] = [];
let rooms = 0;

const READ_ONLY = { rooms: { "*": ["read"] } };

/** Patience for a busy machine. */
const SOON = { timeout: 10_000 };

beforeAll(async () => {
  const worker = bundleOf(join(ROOT, "test/fixtures/kinds/worker.ts"));
  server = await BareServer.start({}, { bundle: worker, documents: true });
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["test/browser/support/react-app.ts"],
    bundle: true,
    format: "esm",
    write: false,
    define: { "process.env.NODE_ENV": '"development"' },
  });
  const script = outputFiles[0]?.contents ?? "";
  pages = createServer((request, response) => {
    const isScript = request.url === "/app.js";
    response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html; charset=utf-8");
    const html = `<!doctype html><div id="root">${rendered}</div><script type="module" src="/app.js"></script>`;
    response.end(isScript ? script : html);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => pages.once("listening", resolve));
  address = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
  browser = await launch();
});
afterEach(async () => {
  rendered = "";
  const complaints = open.flatMap((one) => one.complaints);
  await Promise.all(open.splice(0).map(({ page }) => page.context().close()));
  expect(complaints).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  pages?.close();
  await server?.stop();
});

/** A page of somebody's, with a client and nothing mounted. */
async function visit(userId: string, claims: object = {}): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  open.push({ page, complaints: complaintsOf(page) });
  await page.goto(address);
  const token = tokenFor(userId, SECRETS.AUTH_SECRET, claims);
  await page.evaluate(([url, token]) => globalThis.page.start(url, token), [
    server.url,
    token,
  ] as const);
  return page;
}

function mount(page: Page, ...parts: readonly Part[]): Promise<void> {
  return page.evaluate((all) => globalThis.page.mount(all), parts);
}

function votes(name: string, label = "votes"): Part {
  return { component: "Votes", name, label };
}

function text(page: Page, id: string): Promise<string> {
  return page.locator(`#${id}`).innerText();
}

/** How many sockets the server has in a room. */
async function connections(name: string): Promise<number> {
  const headers = { authorization: `Bearer ${SECRETS.API_KEY}` };
  const stats = await fetch(`${server.url}/v1/rooms/${name}/stats`, { headers });
  return ((await stats.json()) as { connections: number }).connections;
}

function newPoll(): string {
  rooms += 1;
  return `poll:react-${rooms}`;
}

it("shows a fallback until the room is there, and then its state; two components share one socket", async () => {
  const name = newPoll();
  const page = await visit("ada");
  await mount(page, votes(name), votes(name, "again"));
  expect(["waits", "{}"]).toContain(await text(page, "votes"));
  await page.getByText("{}").first().waitFor();
  await page.locator("#votes").click();
  await page.locator("#again", { hasText: '{"ada":"soup"}' }).waitFor();
  expect(await text(page, "votes")).toBe('{"ada":"soup"}');
  expect(await page.locator("#votes").getAttribute("title")).toBe("ada");
  expect(await connections(name)).toBe(1);
});

it("keeps the room over fast remounts without a flicker, and leaves it a moment after the last", async () => {
  const name = newPoll();
  const page = await visit("ada");
  await mount(page, votes(name));
  await page.locator("#votes", { hasText: "{}" }).waitFor();
  for (let round = 0; round < 20; round += 1) {
    await mount(page);
    await mount(page, votes(name));
  }
  await page.locator("#votes").click();
  await page.locator("#votes", { hasText: "soup" }).waitFor();
  expect(await page.evaluate(() => globalThis.page.shown["votes"])).toEqual([
    "open {}",
    'open {"ada":"soup"}',
  ]);
  expect(await connections(name)).toBe(1);
  await mount(page);
  await expect.poll(() => connections(name), SOON).toBe(0);
});

it("leaves one room for another when its name is another", async () => {
  const [first, second] = [newPoll(), newPoll()];
  const page = await visit("ada");
  await mount(page, votes(first));
  await page.locator("#votes", { hasText: "{}" }).waitFor();
  await mount(page, votes(second));
  await expect.poll(() => connections(second), SOON).toBe(1);
  await expect.poll(() => connections(first), SOON).toBe(0);
});

it("renders a component again for what it selects alone", async () => {
  const name = newPoll();
  const page = await visit("ada");
  await mount(page, { component: "Open", name, label: "open" }, votes(name));
  await page.locator("#votes", { hasText: "{}" }).waitFor();
  await page.locator("#votes").click();
  await page.locator("#open", { hasText: '{"open":true} 1' }).waitFor();
  expect(await page.evaluate(() => globalThis.page.shown["open"])).toEqual([
    "null",
    '{"open":true}',
  ]);
});

it("renders nothing, and selects nothing anew, for signals", async () => {
  const name = newPoll();
  const page = await visit("ada");
  await mount(page, { component: "Open", name, label: "open" });
  await page.locator("#open", { hasText: '{"open":true} 0' }).waitFor();
  const token = tokenFor("ben", SECRETS.AUTH_SECRET);
  const client = new RealtimeClient({ url: server.url, token, transport: "websocket" });
  const ben = client.room(poll, `poll:${name.slice("poll:".length)}`);
  await expect.poll(() => ben.status, SOON).toBe("open");
  const counts = () => page.evaluate(() => ({ ...globalThis.page.counts }));
  await expect.poll(async () => (await connections(name)) === 2, SOON).toBe(true);
  // Who has come is another thing to see of the room.
  await page.waitForTimeout(500);
  const { "open hears": none, ...before } = await counts();
  for (let at = 0; at < 10; at += 1) ben.signal("hover", { option: "soup" });
  await expect.poll(async () => (await counts())["open hears"], SOON).toBe(10);
  const { "open hears": hears, ...after } = await counts();
  expect([none, hears, after]).toEqual([undefined, 10, before]);
  await client.close();
});

it("counts what is unread in a room of a team's own, where people say what they have read", async () => {
  const name = `counter:react-${Date.now()}` as const;
  const page = await visit("ada");
  await mount(page, { component: "Marks", name, label: "marks" });
  await page.locator("#marks", { hasText: "0" }).waitFor();
  const token = tokenFor("ben", SECRETS.AUTH_SECRET);
  const client = new RealtimeClient({ url: server.url, token });
  const ben = client.room(counter, name);
  for (const by of [1, 2]) await ben.send("add", { by });
  await page.locator("#marks", { hasText: "2" }).click();
  await page.locator("#marks", { hasText: "0" }).waitFor();
  await expect.poll(() => ben.reads, SOON).toEqual({ ada: 2 });
  await client.close();
});

it("says why a room is closed", async () => {
  const page = await visit("eve", { rooms: {} });
  await mount(page, { component: "Refused", name: newPoll(), label: "refused" });
  await page.locator("#refused", { hasText: "closed access_denied" }).waitFor();
});

it("throws why a room is closed where it is waited for, and asks no more", async () => {
  const page = await visit("eve", { rooms: {} });
  let sockets = 0;
  page.on("websocket", () => {
    sockets += 1;
  });
  await mount(page, { component: "Thrown", name: newPoll(), label: "thrown" });
  await page.locator("#thrown", { hasText: "threw access_denied" }).waitFor(SOON);
  expect(sockets).toBe(1);
});

it("has a chat's messages, people, typists and what is unread", async () => {
  const name = `react-chat-${Date.now()}`;
  const [ada, ben] = [await visit("ada"), await visit("ben")];
  const part: Part = { component: "Chat", name, label: "chat" };
  const chat = async (page: Page) => JSON.parse(await text(page, "chat"));
  await mount(ada, part);
  // People are shown in the order in which they came.
  await expect.poll(() => chat(ada), SOON).toMatchObject({ users: ["ada"] });
  await mount(ben, part);
  await expect.poll(() => chat(ada), SOON).toMatchObject({ users: ["ada", "ben"] });
  await ada.locator("#show").click();
  await expect.poll(() => chat(ben), SOON).toMatchObject({ moods: ["glad"] });
  await ada.locator("#type").click();
  await expect.poll(() => chat(ben), SOON).toMatchObject({ typists: ["ada"] });
  await ada.locator("#say").click();
  await expect
    .poll(() => chat(ben), SOON)
    .toMatchObject({ messages: ["hello"], unread: 1, typists: [] });
  expect(await chat(ada)).toMatchObject({ messages: ["hello"], unread: 0, pending: 0 });
  await ben.locator("#read").click();
  await expect.poll(() => chat(ben), SOON).toMatchObject({ unread: 0 });
  expect(await connections(name)).toBe(2);
});

it("has an inbox and a topic's last values", async () => {
  const topic = `react-${Date.now()}`;
  const user = `zoe-${Date.now()}`;
  const page = await visit(user);
  await mount(page, { component: "Numbers", name: topic, label: "numbers" });
  await page.locator("#numbers", { hasText: "0 0 none" }).waitFor();
  const post = (path: string, body: object) =>
    fetch(`${server.url}/v1/${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${SECRETS.API_KEY}`,
        "content-type": "application/json",
        "idempotency-key": "k-1",
      },
      body: JSON.stringify(body),
    });
  await expect.poll(() => connections(`topic:${topic}`), SOON).toBe(1);
  await post(`rooms/topic:${topic}/publish`, { event: "load", data: 7 });
  await post(`users/${user}/notifications`, { type: "news", title: "News" });
  await page.locator("#numbers", { hasText: "1 1 7" }).waitFor();
});

/** Counts the sockets that a page opens to documents. */
function countDocumentSockets(page: Page): { opened: number; open: number } {
  const sockets = { opened: 0, open: 0 };
  page.on("websocket", (socket) => {
    if (!socket.url().includes("/documents/")) return;
    sockets.opened += 1;
    sockets.open += 1;
    socket.on("close", () => {
      sockets.open -= 1;
    });
  });
  return sockets;
}

it("has one document for all its components, and shows in it what others write", async () => {
  const name = `react-${Date.now()}`;
  const [ada, ben] = [await visit("ada"), await visit("ben", READ_ONLY)];
  const sockets = countDocumentSockets(ada);
  const plan: Part = { component: "Plan", name, label: "plan" };
  await mount(ada, plan, { ...plan, name: `document:${name}`, label: "again" });
  await mount(ben, plan);
  await ada.locator("#plan", { hasText: "open 110 - []" }).waitFor(SOON);
  await ada.locator("#plan").click();
  await ada.locator("#again", { hasText: "open 110 - [x]" }).waitFor(SOON);
  await ben.locator("#plan", { hasText: "- [x]" }).waitFor(SOON);
  await ben.locator("#plan").click();
  await ben.locator("#plan", { hasText: "open 101 - [xx]" }).waitFor(SOON);
  expect(await text(ada, "plan")).toBe("open 110 - [x]");
  expect(sockets.opened).toBe(1);
  expect(await ada.evaluate(() => globalThis.page.shown["again"])).toContain("open 100 -");
});

it("keeps the document over fast remounts without a flicker, and closes it a moment after the last", async () => {
  const plan: Part = { component: "Plan", name: `react-again-${Date.now()}`, label: "plan" };
  const page = await visit("ada");
  const sockets = countDocumentSockets(page);
  await mount(page, plan);
  await page.locator("#plan", { hasText: "open 110" }).waitFor(SOON);
  const before = await page.evaluate(() => globalThis.page.shown["plan"]?.length);
  for (let round = 0; round < 20; round += 1) {
    await mount(page);
    await mount(page, plan);
  }
  expect(await text(page, "plan")).toBe("open 110 - []");
  expect(await page.evaluate(() => globalThis.page.shown["plan"]?.length)).toBe(before);
  expect(sockets).toEqual({ opened: 1, open: 1 });
  await mount(page);
  await expect.poll(() => sockets.open, SOON).toBe(0);
});

it("says why a document is closed, and renders on a server what there is before it is there", async () => {
  const plan: Part = { component: "Plan", name: "react-refused", label: "plan" };
  const client = new RealtimeClient({ url: server.url, token: "none" });
  rendered = renderToString(createElement(App, { client, parts: [plan] }));
  expect(rendered).toContain("connecting 010 - []");
  await client.close();
  const page = await visit("eve", { rooms: {} });
  await page.evaluate((all) => globalThis.page.hydrate(all), [plan]);
  await page.locator("#plan", { hasText: "closed 010 access_denied" }).waitFor(SOON);
});

it("goes on in the browser from what a server has rendered", async () => {
  const name = newPoll();
  const parts: readonly Part[] = [
    { component: "Open", name, label: "open" },
    votes(name),
    { component: "Chat", name: "react-rendered", label: "chat" },
  ];
  const client = new RealtimeClient({ url: server.url, token: "none" });
  rendered = renderToString(createElement(App, { client, parts }));
  expect(rendered).toContain('<p id="open">null 0</p>');
  expect(rendered).toContain("waits");
  await client.close();
  expect(await connections(name)).toBe(0);
  const page = await visit("ada");
  await page.evaluate((all) => globalThis.page.hydrate(all), parts);
  await page.locator("#votes", { hasText: "{}" }).waitFor();
  await page.locator("#open", { hasText: '{"open":true}' }).waitFor();
  expect(await connections(name)).toBe(1);
});
