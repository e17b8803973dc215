import type { Page } from "playwright-core";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { RealtimeClient } from "../../src/client/index.ts";
import { counter } from "../fixtures/kinds/counter.ts";
import { poll } from "../fixtures/kinds/poll.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { Page as App, type Part } from "./support/react-app.ts";
import { mount, ReactStage, SOON, text } from "./support/react-stage.ts";

let stage: ReactStage;
let rooms = 0;

beforeAll(async () => {
  stage = await ReactStage.start();
});
afterEach(async () => {
  expect(await stage.clear()).toEqual([]);
});
afterAll(() => stage?.stop());

function votes(name: string, label = "votes"): Part {
  return { component: "Votes", name, label };
}

/** How many sockets the server has in a room. */
async function connections(name: string): Promise<number> {
  const headers = { authorization: `Bearer ${SECRETS.API_KEY}` };
  const stats = await fetch(`${stage.server.url}/v1/rooms/${name}/stats`, { headers });
  return ((await stats.json()) as { connections: number }).connections;
}

function newPoll(): string {
  rooms += 1;
  return `poll:react-${rooms}`;
}

it("shows a fallback until the room is there, and then its state; two components share one socket", async () => {
  const name = newPoll();
  const page = await stage.visit("ada");
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
  const page = await stage.visit("ada");
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
  const page = await stage.visit("ada");
  await mount(page, votes(first));
  await page.locator("#votes", { hasText: "{}" }).waitFor();
  await mount(page, votes(second));
  await expect.poll(() => connections(second), SOON).toBe(1);
  await expect.poll(() => connections(first), SOON).toBe(0);
});

it("renders a component again for what it selects alone", async () => {
  const name = newPoll();
  const page = await stage.visit("ada");
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
  const page = await stage.visit("ada");
  await mount(page, { component: "Open", name, label: "open" });
  await page.locator("#open", { hasText: '{"open":true} 0' }).waitFor();
  const token = tokenFor("ben", SECRETS.AUTH_SECRET);
  const client = new RealtimeClient({ url: stage.server.url, token, transport: "websocket" });
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
  const page = await stage.visit("ada");
  await mount(page, { component: "Marks", name, label: "marks" });
  await page.locator("#marks", { hasText: "0" }).waitFor();
  const token = tokenFor("ben", SECRETS.AUTH_SECRET);
  const client = new RealtimeClient({ url: stage.server.url, token });
  const ben = client.room(counter, name);
  for (const by of [1, 2]) await ben.send("add", { by });
  await page.locator("#marks", { hasText: "2" }).click();
  await page.locator("#marks", { hasText: "0" }).waitFor();
  await expect.poll(() => ben.reads, SOON).toEqual({ ada: 2 });
  await client.close();
});

it("says why a room is closed", async () => {
  const page = await stage.visit("eve", { rooms: {} });
  await mount(page, { component: "Refused", name: newPoll(), label: "refused" });
  await page.locator("#refused", { hasText: "closed access_denied" }).waitFor();
});

it("throws why a room is closed where it is waited for, and asks no more", async () => {
  const page = await stage.visit("eve", { rooms: {} });
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
  const [ada, ben] = [await stage.visit("ada"), await stage.visit("ben")];
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

it("draws where others point, to where they stop, and renders nothing for it", async () => {
  const name = `react-pointers-${Date.now()}`;
  const [ada, ben] = [await stage.visit("ada"), await stage.visit("ben")];
  const part: Part = { component: "Pointers", name, label: "pointers" };
  await mount(ada, part);
  await mount(ben, part);
  const counted = (label: string) => ada.evaluate((of) => globalThis.page.counts[of] ?? 0, label);
  await expect.poll(() => text(ada, "pointers"), SOON).toContain('["ben",null]');
  const [rendered, drawn] = [await counted("pointers rendered"), await counted("pointers drawn")];
  await ben.mouse.move(1, 50);
  await ben.mouse.move(300, 50, { steps: 60 });
  await expect.poll(() => text(ada, "pointers"), SOON).toContain('["ben",300]');
  expect(await counted("pointers rendered")).toBe(rendered);
  expect(await counted("pointers drawn")).toBeGreaterThan(drawn + 5);
  await mount(ada);
  const last = await counted("pointers drawn");
  await expect.poll(() => connections(name), SOON).toBe(1);
  expect(await counted("pointers drawn")).toBeLessThanOrEqual(last + 1);
});

it("has an inbox and a topic's last values", async () => {
  const topic = `react-${Date.now()}`;
  const user = `zoe-${Date.now()}`;
  const page = await stage.visit(user);
  await mount(page, { component: "Numbers", name: topic, label: "numbers" });
  await page.locator("#numbers", { hasText: "0 0 none" }).waitFor();
  const post = (path: string, body: object) =>
    fetch(`${stage.server.url}/v1/${path}`, {
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

it("goes on in the browser from what a server has rendered", async () => {
  const name = newPoll();
  const parts: readonly Part[] = [
    { component: "Open", name, label: "open" },
    votes(name),
    { component: "Chat", name: "react-rendered", label: "chat" },
  ];
  const client = new RealtimeClient({ url: stage.server.url, token: "none" });
  stage.rendered = renderToString(createElement(App, { client, parts }));
  expect(stage.rendered).toContain('<p id="open">null 0</p>');
  expect(stage.rendered).toContain("waits");
  await client.close();
  expect(await connections(name)).toBe(0);
  const page = await stage.visit("ada");
  await page.evaluate((all) => globalThis.page.hydrate(all), parts);
  await page.locator("#votes", { hasText: "{}" }).waitFor();
  await page.locator("#open", { hasText: '{"open":true}' }).waitFor();
  expect(await connections(name)).toBe(1);
});
