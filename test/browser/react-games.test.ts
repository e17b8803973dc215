import type { Page } from "playwright-core";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { RealtimeClient } from "../../src/client/index.ts";
import { pause } from "../support/pause.ts";
import { Page as App, type Part } from "./support/react-app.ts";
import { mount, ReactStage, SOON, text } from "./support/react-stage.ts";

let stage: ReactStage;
beforeAll(async () => {
  stage = await ReactStage.start("shipped");
});
afterEach(async () => {
  expect(await stage.clear()).toEqual([]);
});
afterAll(() => stage?.stop());

async function placeOf(page: Page, label: string, userId: string): Promise<number> {
  const places = JSON.parse((await text(page, `${label}-places`)) || "{}");
  return Number(places[userId]);
}

function countOf(page: Page, label: string): Promise<number> {
  return page.evaluate((of) => globalThis.page.counts[of] ?? 0, label);
}

it("is one game for all its components, drawn with each picture and not rendered for that", async () => {
  const field: Part = { component: "Field", name: `react-${Date.now()}`, label: "field" };
  const [ada, ben] = [await stage.visit("ada"), await stage.visit("ben")];
  let sockets = 0;
  ada.on("websocket", () => {
    sockets += 1;
  });
  await mount(ada, field, { ...field, name: `game:${field.name}`, label: "again" });
  await mount(ben, field);
  await ada.locator("#field", { hasText: "open true [ada,ben] -" }).waitFor(SOON);
  await ada.locator("#again", { hasText: "open true [ada,ben] -" }).waitFor(SOON);
  await ben.locator("#field", { hasText: "open true [ada,ben] -" }).waitFor(SOON);
  const before = await placeOf(ben, "field", "ada");
  const [renders, frames] = [
    await countOf(ada, "field renders"),
    await countOf(ada, "field frames"),
  ];
  await ada.locator("#field").click();
  await expect.poll(() => placeOf(ada, "field", "ada"), SOON).toBeLessThan(before - 30);
  await expect.poll(() => placeOf(ben, "field", "ada"), SOON).toBeLessThan(before - 30);
  await pause(500);
  // The coin may be taken, and with it what is shared changes.
  expect(await countOf(ada, "field renders")).toBeLessThan(renders + 8);
  expect(await countOf(ada, "field frames")).toBeGreaterThan(frames + 15);
  expect(sockets).toBe(1);
});

it("keeps its player over fast remounts, and lets it go a moment after the last component", async () => {
  const field: Part = { component: "Field", name: `react-again-${Date.now()}`, label: "field" };
  const [ada, ben] = [await stage.visit("ada"), await stage.visit("ben")];
  await mount(ben, field);
  await mount(ada, field);
  await ben.locator("#field", { hasText: "open true [ada,ben] -" }).waitFor(SOON);
  for (let round = 0; round < 20; round += 1) {
    await mount(ada);
    await mount(ada, field);
  }
  expect(await text(ada, "field")).toBe("open true [ada,ben] -");
  const seen = () => ben.evaluate(() => globalThis.page.shown["field"]?.at(-1));
  expect(await seen()).toBe("open true [ada,ben] -");
  await mount(ada);
  await expect.poll(seen, SOON).toBe("open true [ben] -");
});

it("says who only watches, and why it is closed, and renders on a server what there is before", async () => {
  const field: Part = { component: "Field", name: "react-refused", label: "field" };
  const client = new RealtimeClient({ url: stage.server.url, token: "none" });
  stage.rendered = renderToString(createElement(App, { client, parts: [field] }));
  expect(stage.rendered).toContain("connecting false [] -");
  await client.close();
  const eve = await stage.visit("eve", { rooms: {} });
  await eve.evaluate((all) => globalThis.page.hydrate(all), [field]);
  await eve.locator("#field", { hasText: "closed false [] access_denied" }).waitFor(SOON);
  const fay = await stage.visit("fay", { rooms: { "*": ["read"] } });
  await mount(fay, field);
  await fay.locator("#field", { hasText: "open false [] -" }).waitFor(SOON);
});
