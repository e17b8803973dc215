import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Example } from "../process/support/example.ts";
import { barriers } from "./support/axe.ts";
import { launch } from "./support/chromium.ts";
import { complaintsOf } from "./support/complaints.ts";

/** Patience for a busy machine. */
const SOON = { timeout: 15_000 };

let browser: Browser;
let example: Example;
/** Of all pages. */
const complaints: (readonly string[])[] = [];

beforeAll(async () => {
  [browser, example] = await Promise.all([launch(), Example.start("whiteboard")]);
});
afterAll(async () => {
  await browser?.close();
  await example?.stop();
});

it("shows two people each other's cursors and strokes, to the end, and takes a cursor away with its owner", async () => {
  const ada = await visit();
  const ben = await visit();
  for (const page of [ada, ben]) await page.getByText("open: 2 here, 0 strokes").waitFor(SOON);

  const sheet = await ada.locator("#sheet").boundingBox();
  if (sheet === null) throw new Error("The page has no sheet.");
  const at = (x: number, y: number) =>
    [sheet.x + x * sheet.width, sheet.y + y * sheet.height] as const;
  await ada.mouse.move(...at(0.1, 0.1));
  await ada.mouse.down();
  await ada.mouse.move(...at(0.5, 0.5), { steps: 60 });
  await ada.mouse.up();
  for (const page of [ada, ben]) await page.getByText("open: 2 here, 1 strokes").waitFor(SOON);
  // Another button draws nothing.
  await ada.mouse.down({ button: "right" });
  await ada.mouse.move(...at(0.6, 0.5), { steps: 5 });
  await ada.mouse.up({ button: "right" });
  await ada.mouse.move(...at(0.5, 0.5));
  expect(await inkAt(ada, 550, 300)).toBe(0);
  expect(await inkAt(ben, 300, 180)).toBeGreaterThan(0);
  expect(await inkAt(ben, 900, 100)).toBe(0);
  await expect.poll(() => cursorIn(ben), SOON).toEqual([0.5, 0.5]);

  await ada.getByRole("button", { name: "Undo" }).click();
  await ben.getByText("open: 2 here, 0 strokes").waitFor(SOON);
  await ada.close();
  await ben.getByText("open: 1 here").waitFor(SOON);
  await expect.poll(() => ben.locator("#cursors > span").count(), SOON).toBe(0);
  expect(complaints.flat()).toEqual([]);
});

it("fits a narrow screen, and has nothing that axe finds", async () => {
  const page = await visit();
  await page.setViewportSize({ width: 360, height: 640 });
  await page.getByText("here").waitFor(SOON);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(await barriers(page)).toEqual([]);
});

/** Somebody with a browser of their own. */
async function visit(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  complaints.push(complaintsOf(page));
  await page.goto(example.server.url);
  return page;
}

/** How much of the sheet is covered around a point of it. */
function inkAt(page: Page, x: number, y: number): Promise<number> {
  return page.locator("#sheet").evaluate(
    (canvas, [x, y]) => {
      const context = (canvas as HTMLCanvasElement).getContext("2d");
      const { data } = context?.getImageData(x - 4, y - 4, 8, 8) ?? { data: [] };
      return [...data].filter((value, index) => index % 4 === 3 && value > 0).length;
    },
    [x, y] as const,
  );
}

/** Where the only cursor is, as parts of the sheet, once it has come to rest. */
function cursorIn(page: Page): Promise<readonly number[]> {
  return page.evaluate(() => {
    const sheet = document.querySelector("#sheet")?.getBoundingClientRect();
    const cursor = document.querySelector("#cursors > span")?.getBoundingClientRect();
    if (sheet === undefined || cursor === undefined) return [];
    const parts = [(cursor.x - sheet.x) / sheet.width, (cursor.y - sheet.y) / sheet.height];
    return parts.map((part) => Math.round(part * 50) / 50);
  });
}
