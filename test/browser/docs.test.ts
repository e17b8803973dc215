import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { faintTexts } from "./support/contrast.ts";
import { it, type Stage } from "./support/stage.ts";

/** The page of the API's documentation, and whatever it complained of. */
async function open(visit: Stage["visit"], options: Parameters<Stage["visit"]>[1] = {}) {
  const page = await visit("/docs", options);
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(page.url()).origin)
      complaints.push(request.url());
  });
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "HTTP API" }).waitFor();
  return { page, complaints };
}

const overflows = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

it("shows every operation of the document, from this server alone and under its strict policy", async ({
  visit,
  server,
}) => {
  const { page, complaints } = await open(visit);
  const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { summary: string; operationId: string }>>;
  };
  const told = Object.values(paths).flatMap((methods) => Object.values(methods));
  const shown = await page.locator("article.operation h3").allTextContents();
  expect([...shown].sort()).toEqual(told.map(({ summary }) => summary).sort());
  const policy = (await fetch(`${server.url}/docs`)).headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain("unsafe");
  expect(complaints).toEqual([]);
});

it("has a place for every link of its own", async ({ visit }) => {
  const { page } = await open(visit);
  const astray = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')]
      .map((link) => link.hash.slice(1))
      .filter((id) => document.getElementById(id) === null),
  );
  expect(astray).toEqual([]);
  const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
});

it("leads to the guides, whose links all lead somewhere", async ({ visit, server }) => {
  const { page } = await open(visit);
  await page.getByRole("link", { name: "Guides" }).click();
  await page.getByRole("heading", { level: 1, name: "Your own kind" }).waitFor();
  const seen = new Set<string>();
  const ahead = [new URL(page.url()).pathname];
  for (let path = ahead.pop(); path !== undefined; path = ahead.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    expect((await page.goto(server.url + path))?.status()).toBe(200);
    if (!path.startsWith("/docs/")) continue;
    const links = await page.evaluate(() =>
      [...document.links].map(({ origin, pathname, hash }) => ({ origin, pathname, hash })),
    );
    const own = links.filter(({ origin }) => origin === server.url);
    ahead.push(...own.map(({ pathname }) => pathname));
    for (const { pathname, hash } of own) {
      if (pathname !== path || hash === "") continue;
      expect(await page.locator(`[id="${hash.slice(1)}"]`).count(), hash).toBe(1);
    }
  }
  expect(seen.size).toBeGreaterThan(6);
});

it("opens at the operation that its address names", async ({ visit }) => {
  const page = await visit("/docs#kick");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await expect
    .poll(() => page.locator("#kick").evaluate((e) => Math.abs(e.getBoundingClientRect().top)))
    .toBeLessThan(50);
});

it("can be used with the keyboard alone", async ({ visit }) => {
  const { page } = await open(visit);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("content");
  const example = page.locator("#sendMessage details").first();
  await example.locator("summary").focus();
  await page.keyboard.press("Enter");
  await example.getByText(`curl -X POST '${new URL(page.url()).origin}/v1/rooms/general`).waitFor();
});

describe.each([
  { colorScheme: "light", width: 1440 },
  { colorScheme: "dark", width: 1440 },
  { colorScheme: "light", width: 360 },
  { colorScheme: "dark", width: 360 },
] as const)("in $colorScheme at $width px", ({ colorScheme, width }) => {
  it("fits the page and can be read, examples included", async ({ visit }) => {
    const { page } = await open(visit, { colorScheme, viewport: { width, height: 740 } });
    await page.evaluate(() => {
      for (const example of document.querySelectorAll("details")) example.open = true;
    });
    expect(await overflows(page)).toBe(false);
    expect(await faintTexts(page)).toEqual([]);
  });
});
