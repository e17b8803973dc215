import { describe, expect } from "vitest";
import WebSocket from "ws";
import { SECRETS } from "../support/server.ts";
import { faintTexts } from "./support/contrast.ts";
import { nameless } from "./support/names.ts";
import { stageWith, tokenFor } from "./support/stage.ts";

const it = stageWith({ METRICS_REPORT_MS: "500" });

const KEY_FIELD = "The server's API key";

it("shows live numbers for the key, and never puts the key in the address", async ({
  visit,
  server,
  room,
  ask,
}) => {
  const token = await tokenFor(ask, { sub: "ada", rooms: { "*": ["read", "write"] } });
  const url = `${server.url.replace("http", "ws")}/v1/rooms/${room}/ws`;
  const open = () =>
    new Promise<WebSocket>((resolve) => {
      const socket = new WebSocket(url, ["hibiki.v1.json", `bearer.${token}`]);
      socket.once("message", () => resolve(socket));
    });
  const [kept, lost] = [await open(), await open()];
  const page = await visit("/ops");
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.getByLabel(KEY_FIELD).fill(SECRETS.API_KEY);
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Live").waitFor();
  const tile = (name: string) => page.getByRole("region", { name, exact: true });
  await tile("Connections").getByText("2", { exact: true }).waitFor();
  await tile("Rooms").getByText("1", { exact: true }).waitFor();
  lost.terminate();
  for (let i = 0; i < 40; i++) {
    const frame = { type: "send_message", messageId: `m${i}`, payload: { content: "hi" } };
    kept.send(JSON.stringify(frame));
  }
  await tile("Messages").getByText("40 stored so far").waitFor();
  await tile("Abnormal disconnects").getByText("1 of 1 so far").waitFor();
  await tile("Connections").getByText("1", { exact: true }).waitFor();
  const rate = tile("Messages").locator(".number");
  expect(Number.parseFloat((await rate.textContent()) ?? "")).toBeGreaterThan(0);
  await page.getByRole("row", { name: "1006 abnormal 1" }).waitFor();
  expect(await page.locator(".chart canvas").count()).toBe(8);
  expect(page.url()).toBe(`${server.url}/ops`);

  // Kept for the tab: a reload asks for nothing, another tab does.
  await page.reload();
  await tile("Connections").getByText("1", { exact: true }).waitFor();
  await (await visit("/ops")).getByLabel(KEY_FIELD).waitFor();
  const stored = await page.evaluate(() => [localStorage.length, Object.keys(sessionStorage)]);
  expect(stored).toEqual([0, ["hibiki.api-key"]]);

  await page.getByRole("button", { name: "Forget the key" }).click();
  await page.getByLabel(KEY_FIELD).waitFor();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  kept.close();
  expect(complaints).toEqual([]);
});

it("says in words that a key is wrong, and lets one try again", async ({ visit }) => {
  const page = await visit("/ops");
  const field = page.getByLabel(KEY_FIELD);
  for (const wrong of ["not-the-key", "schlüssel"]) {
    await field.fill(wrong);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("That is not the API key of this server.").waitFor();
    expect(await field.inputValue()).toBe("");
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  }
  // The field has the focus again.
  await page.keyboard.type(SECRETS.API_KEY);
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Live").waitFor();
});

it("asks nothing while it is hidden, and at once when it is shown again", async ({ visit }) => {
  const page = await visit("/ops");
  let asked = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/v1/metrics")) asked += 1;
  });
  await page.getByLabel(KEY_FIELD).fill(SECRETS.API_KEY);
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Live").waitFor();
  const turn = (hidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await turn(true);
  await page.getByRole("status").getByText("Paused").waitFor();
  const before = asked;
  await page.waitForTimeout(5_000);
  expect(asked).toBe(before);
  await turn(false);
  await page.getByRole("status").getByText("Live").waitFor();
  await expect.poll(() => asked).toBe(before + 1);
});

it("keeps its numbers in view while the server is away, and says so", async ({ visit }) => {
  const page = await visit("/ops");
  await page.getByLabel(KEY_FIELD).fill(SECRETS.API_KEY);
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Live").waitFor();
  await page.route("**/v1/metrics", (route) => route.abort());
  await page.getByRole("alert").getByText("cannot be reached").waitFor();
  expect(await page.getByRole("region", { name: "Connections", exact: true }).isVisible()).toBe(
    true,
  );
  await page.unroute("**/v1/metrics");
  await page.getByRole("status").getByText("Live").waitFor();
});

describe.each([
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 1280 },
  { colorScheme: "light", width: 360 },
  { colorScheme: "dark", width: 360 },
] as const)("in $colorScheme at $width px", ({ colorScheme, width }) => {
  it("fits the page, can be read, and has a name for every control", async ({ visit }) => {
    const page = await visit("/ops", { colorScheme, viewport: { width, height: 740 } });
    const look = async () => {
      await page.waitForTimeout(300);
      const overflows = await page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      );
      expect(overflows).toBe(false);
      expect(await faintTexts(page)).toEqual([]);
      expect(await nameless(page)).toEqual([]);
    };
    await page.getByLabel(KEY_FIELD).fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("not the API key").waitFor();
    await look();
    await page.keyboard.type(SECRETS.API_KEY);
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("Live").waitFor();
    await page.locator(".chart canvas").first().waitFor();
    await look();
  });
});
