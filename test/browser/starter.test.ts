import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Child } from "../support/machine/child.ts";
import { removeFolder, temporaryFolder } from "../support/machine/folder.ts";
import { freePort } from "../support/machine/port.ts";
import { pause } from "../support/pause.ts";
import { addQuizPage, newStarter } from "../support/starter.ts";
import { launch } from "./support/chromium.ts";
import { complaintsOf } from "./support/complaints.ts";

const START_TIMEOUT_MS = 60_000;
/** Patience for a busy machine. */
const SOON = { timeout: 15_000 };

let folder: string;
let browser: Browser;
let server: Child;
let url: string;
/** Of all pages. */
const complaints: (readonly string[])[] = [];

beforeAll(async () => {
  folder = temporaryFolder();
  const [project, launched, port] = await Promise.all([newStarter(folder), launch(), freePort()]);
  browser = launched;
  addQuizPage(project);
  url = `http://localhost:${port}`;
  server = await serve(project, port);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  removeFolder(folder);
});

it("opens a page of a new project in which two people vote, and stay who they are", async () => {
  const [ada, ben] = [await visit(), await visit()];
  await ada.getByText("open: 2 here").waitFor();
  await button(ada, "Soba 0").click();
  await button(ben, "Soba 1").click();
  await button(ada, "Soba 2").waitFor();
  await button(ada, "Udon 0").click();
  for (const page of [ada, ben]) {
    await button(page, "Soba 1").waitFor();
    await button(page, "Udon 1").waitFor();
  }
  expect(await button(ada, "Udon 1").getAttribute("aria-pressed")).toBe("true");
  expect(await button(ben, "Udon 1").getAttribute("aria-pressed")).toBe("false");

  await ada.reload();
  await button(ada, "Udon 1").waitFor();
  expect(await button(ada, "Udon 1").getAttribute("aria-pressed")).toBe("true");
  await button(ada, "Ramen 0").hover();
  await ben.locator("[data-hovered]", { hasText: "Ramen" }).waitFor();
  expect(complaints.flat()).toEqual([]);
});

it.each([
  ["websocket", ""],
  ["sse", "?by=sse"],
  ["poll", "?by=poll"],
] as const)(
  "has a page of its own with a typed room, over %s: events, state, a query, signals, refusals, receipts",
  async (transport, by) => {
    const [ada, ben] = [await visit(`/quiz.html${by}`), await visit("/quiz.html")];
    const seen = (page: Page) => page.evaluate(() => globalThis.quizPage.seen());
    const heard = (page: Page) => page.evaluate(() => globalThis.quizPage.heard);
    const answer = (page: Page, text: string) =>
      page.evaluate((text) => globalThis.quizPage.answer(text), text);
    await expect.poll(() => seen(ada), SOON).toMatchObject({ status: "open", transport });
    await expect.poll(() => seen(ben), SOON).toMatchObject({ status: "open" });

    const before = (await seen(ben)).answers.length;
    const text = `42 by ${transport}`;
    const seq = Number(await answer(ada, text));
    expect(seq).toBeGreaterThan(0);
    await expect.poll(() => heard(ben), SOON).toContain(`${seq} ${text}`);
    for (const page of [ada, ben]) {
      await expect.poll(async () => (await seen(page)).answers, SOON).toHaveLength(before + 1);
    }
    expect(await answer(ada, "41")).toBe("wrong");
    expect(await ada.evaluate((text) => globalThis.quizPage.count(text), text)).toBe(1);

    await ada.evaluate(() => ["of it", "aloud"].map((text) => globalThis.quizPage.think(text)));
    await expect.poll(() => heard(ben), SOON).toContain("thinks of it");
    await expect.poll(() => heard(ada), SOON).toContain("wrong: Be quiet.");
    expect(await heard(ada)).not.toContain("thinks of it");

    await ben.evaluate(() => globalThis.quizPage.show("glad"));
    if (transport !== "poll") {
      await expect.poll(async () => (await seen(ada)).moods, SOON).toEqual(["glad"]);
    }
    expect((await seen(ben)).unread).toBeGreaterThan(0);
    await ben.evaluate(() => globalThis.quizPage.read());
    await expect.poll(async () => (await seen(ben)).unread, SOON).toBe(0);
    await Promise.all([ada, ben].map((page) => page.context().close()));
    expect(complaints.flat()).toEqual([]);
  },
);

/** Runs what its README says, and waits until it answers. */
async function serve(project: string, port: number): Promise<Child> {
  let output = "";
  const args = ["run", "dev", "--", "--port", String(port), "--inspector-port", "0"];
  const child = Child.start("npm", args, {
    cwd: project,
    ownGroup: true,
    env: { CI: "true", WRANGLER_SEND_METRICS: "false" },
    heard: (text) => {
      output += text;
    },
  });
  for (const end = Date.now() + START_TIMEOUT_MS; Date.now() < end; await pause(100)) {
    const isUp = await fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return child;
  }
  await child.stop();
  throw new Error(`npm run dev did not start:\n${output}`);
}

/** Somebody with a browser of their own. */
async function visit(path = ""): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  complaints.push(complaintsOf(page));
  await page.goto(url + path);
  return page;
}

function button(page: Page, name: string) {
  return page.getByRole("button", { name });
}

/** What `test/fixtures/starter-page/web/quiz.ts` offers. */
interface QuizPage {
  readonly heard: readonly string[];
  answer(text: string): Promise<number | string | undefined>;
  think(text: string): boolean;
  count(text: string): Promise<number>;
  show(mood: string): void;
  read(): void;
  seen(): {
    readonly status: string;
    readonly transport: string | undefined;
    readonly answers: readonly string[];
    readonly moods: readonly string[];
    readonly unread: number;
  };
}

declare global {
  var quizPage: QuizPage;
}
