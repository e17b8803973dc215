import type { Page } from "playwright-core";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { RealtimeClient } from "../../src/client/index.ts";
import { Page as App, type Part } from "./support/react-app.ts";
import { mount, ReactStage, SOON, text } from "./support/react-stage.ts";

const READ_ONLY = { rooms: { "*": ["read"] } };

let stage: ReactStage;
beforeAll(async () => {
  stage = await ReactStage.start("shipped");
});
afterEach(async () => {
  expect(await stage.clear()).toEqual([]);
});
afterAll(() => stage?.stop());

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
  const [ada, ben] = [await stage.visit("ada"), await stage.visit("ben", READ_ONLY)];
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
  const page = await stage.visit("ada");
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
  const client = new RealtimeClient({ url: stage.server.url, token: "none" });
  stage.rendered = renderToString(createElement(App, { client, parts: [plan] }));
  expect(stage.rendered).toContain("connecting 010 - []");
  await client.close();
  const page = await stage.visit("eve", { rooms: {} });
  await page.evaluate((all) => globalThis.page.hydrate(all), [plan]);
  await page.locator("#plan", { hasText: "closed 010 access_denied" }).waitFor(SOON);
});
