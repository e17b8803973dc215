import type { Page } from "playwright-core";
import { expect } from "vitest";
import { Child } from "../support/machine/child.ts";
import { SECRETS } from "../support/server.ts";
import { faintTexts } from "./support/contrast.ts";
import { nameless } from "./support/names.ts";
import { it as onStage } from "./support/stage.ts";

/** A folder to leave pictures of the page in. */
const pictures = process.env["PICTURES"];

type Publish = (event: string, data: unknown) => Promise<void>;

/** Tests with a topic of their own; `watch` opens its dashboard as a guest. */
const it = onStage.extend<{
  readonly publish: Publish;
  readonly watch: (options?: object) => Promise<Page>;
}>({
  publish: async ({ ask, room }, use) =>
    use(async (event, data) => {
      await ask("POST", `/v1/rooms/topic:${room}/publish`, { event, data, conflate: true });
    }),
  watch: async ({ visit, room }, use) =>
    use(async (options) => {
      const page = await visit(`/dashboard?topic=${room}`, options);
      await signIn(page);
      return page;
    }),
});

async function signIn(page: Page): Promise<void> {
  await page.getByLabel("Your name").fill("Mio");
  await page.keyboard.press("Enter");
  await connected(page);
}

async function connected(page: Page): Promise<void> {
  await page.getByRole("status").filter({ hasText: "Connected" }).waitFor();
}

/** What a chart says it shows. */
function chart(page: Page, name: string, words: string | RegExp) {
  return page.getByRole("figure", { name, exact: true }).getByRole("img", { name: words });
}

async function setVisibility(page: Page, state: "hidden" | "visible"): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => value });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}

/** How many colours a chart is drawn in: one when nothing is. */
function colours(page: Page, name: string): Promise<number> {
  return page
    .getByRole("figure", { name, exact: true })
    .locator("canvas")
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } =
        canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
      return new Set(new Uint32Array(data?.buffer ?? new ArrayBuffer())).size;
    });
}

/** Runs the example until `until` has come true. */
async function withExample(url: string, until: () => Promise<void>) {
  const example = Child.start(process.execPath, ["test/examples/metrics.ts"], {
    env: { URL: url, API_KEY: SECRETS.API_KEY, TOPIC: "machine" },
  });
  try {
    await until();
  } finally {
    await example.stop("SIGTERM");
  }
}

it("connects by itself once the code for topics can be fetched, which at first it could not", async ({
  visit,
  room,
}) => {
  const page = await visit(`/dashboard?topic=${room}`);
  const asked: string[] = [];
  // What the browser keeps of a failure is its own business: the SDK asks again at every try.
  await page.route("**/other-kinds-*.js", (route) => {
    asked.push(route.request().url());
    return asked.length > 2 ? route.continue() : route.abort();
  });
  await signIn(page);
  expect(asked).toHaveLength(3);
});

it("charts what the example publishes, and has the last values at once on joining", async ({
  server,
  visit,
}) => {
  await withExample(server.url, async () => {
    const page = await visit("/dashboard?topic=machine");
    await signIn(page);
    await chart(page, "CPU, %", /^[3-9] values.*user \d.*system \d/).waitFor();
    await chart(page, "memory, MiB", /used [\d,]+, total [\d,]+/).waitFor();
    await chart(page, "requests a second", /accepted [\d.]+, made [\d.]+/).waitFor();
    expect(await colours(page, "CPU, %")).toBeGreaterThan(20);
  });
  const late = await visit("/dashboard?topic=machine");
  await signIn(late);
  await chart(late, "CPU, %", /^1 value .*user \d/).waitFor();
  expect(await colours(late, "CPU, %")).toBeGreaterThan(5);
});

it("keeps what is published while it is hidden, and shows it all when it is looked at", async ({
  watch,
  publish,
}) => {
  await publish("load", 1);
  const page = await watch();
  await chart(page, "load", /^1 value .*the last is 1$/).waitFor();
  await setVisibility(page, "hidden");
  for (const value of [2, 3, 4, 5]) await publish("load", value);
  await page.waitForTimeout(500);
  await chart(page, "load", /^1 value .*the last is 1$/).waitFor();
  await setVisibility(page, "visible");
  await chart(page, "load", /^5 values .*the last is 5$/).waitFor();
});

it("stops when it is paused, and catches up when it goes on", async ({ watch, publish }) => {
  const page = await watch();
  await publish("load", { a: 1, b: 2 });
  await chart(page, "load", /a 1, b 2/).waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await publish("load", { a: 3, b: 4 });
  await page.waitForTimeout(500);
  await chart(page, "load", /a 1, b 2/).waitFor();
  await page.getByRole("button", { name: "Pause", pressed: true }).click();
  await chart(page, "load", /^2 values .*a 3, b 4/).waitFor();
  await page.getByRole("combobox", { name: "Time shown" }).selectOption("Last minute");
  await chart(page, "load", /^2 values in the last minute/).waitFor();
});

it("says how it is connected, and goes on where it was after the server was killed", async ({
  server,
  watch,
  publish,
}) => {
  const page = await watch();
  await publish("load", 1);
  await publish("load", 2);
  await chart(page, "load", /^2 values/).waitFor();
  await server.kill();
  await page.getByRole("status").filter({ hasText: "Reconnecting" }).waitFor();
  await chart(page, "load", /^2 values/).waitFor();
  await server.up();
  await publish("load", 3);
  await connected(page);
  await chart(page, "load", /^3 values .*the last is 3$/).waitFor();
  await page.context().setOffline(true);
  await page.getByRole("status").filter({ hasText: "Offline" }).waitFor();
});

it("moves on less often for whoever asked for less motion", async ({ watch, publish }) => {
  await publish("load", 1);
  const page = await watch({ reducedMotion: "reduce" });
  await chart(page, "load", /the last is 1$/).waitFor();
  await publish("load", 2);
  await page.waitForTimeout(1_500);
  await chart(page, "load", /the last is 1$/).waitFor();
  await chart(page, "load", /^2 values .*the last is 2$/).waitFor();
});

it("says that nothing was published yet, and that a name is no topic's", async ({
  watch,
  visit,
}) => {
  const page = await watch();
  await page.getByText("Nothing was published here yet.").waitFor();
  const other = await visit("/dashboard?topic=no%20topic");
  await other.getByRole("heading", { name: "There is no such topic" }).waitFor();
});

it.for([
  ["light", 1280],
  ["dark", 1280],
  ["light", 360],
  ["dark", 360],
] as const)(
  "fits and can be read, %s at %i px",
  async ([colorScheme, width], { watch, publish }) => {
    const page = await watch({ colorScheme, viewport: { width, height: 740 } });
    for (let i = 0; i < 12; i++) {
      if (pictures !== undefined) await page.waitForTimeout(1_000);
      await publish("CPU, %", { user: 30 + 10 * Math.sin(i / 2), system: 12 + 4 * Math.cos(i) });
      await publish("requests a second", 80 + 30 * Math.sin(i));
      await publish("memory, MiB", { used: 5_200 + i, total: 16_000 });
      await publish("temperature", {
        in: 21,
        out: -4 - i / 4,
        attic: 17,
        cellar: 11,
        well: 8,
        ice: -2,
      });
    }
    await chart(page, "temperature", /^12 values/).waitFor();
    const overflows = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    expect(overflows).toBe(false);
    expect(await faintTexts(page)).toEqual([]);
    expect(await nameless(page)).toEqual([]);
    if (pictures !== undefined) {
      await page.screenshot({ path: `${pictures}/dashboard-${colorScheme}-${width}.png` });
    }
  },
);
