import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SECRETS, Server } from "../support/server.ts";
import { launch } from "./support/chromium.ts";

let server: Server;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start({ GUESTS: "off" }), launch()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function token(rooms: Record<string, string[]>, ttlSeconds = 600): Promise<string> {
  const response = await fetch(`${server.url}/v1/tokens`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${SECRETS.API_KEY}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ sub: "u-7", name: "Nao", rooms, ttlSeconds }),
  });
  return ((await response.json()) as { token: string }).token;
}

async function open(room: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${server.url}/rooms/${room}`);
  return page;
}

async function paste(page: Page, text: string): Promise<void> {
  await page.getByLabel("Your token").fill(text);
  await page.getByRole("button", { name: "Enter", exact: true }).click();
}

it("asks for a token where guests are not let in, and says what is wrong with one", async () => {
  const page = await open("staff");
  await page.getByLabel("Your name").fill("Nao");
  await page.getByRole("button", { name: "Enter", exact: true }).click();
  await page.getByRole("alert").getByText("does not let guests in").waitFor();
  await paste(page, "not-a-token");
  await page.getByRole("alert").getByText("That is not a token.").waitFor();
  const short = await token({ "*": ["read", "write"] }, 1);
  await page.waitForTimeout(1_500);
  await paste(page, short);
  await page.getByRole("alert").getByText("That token has ended.").waitFor();
  await paste(page, await token({ staff: ["read", "write"] }));
  await page.getByRole("status").getByText("Connected").waitFor();
  expect(await page.locator(".self").textContent()).toContain("Nao");
  await page.context().close();
});

it("says in words that a room is not open to one, and offers another way in", async () => {
  const page = await open("vault");
  await page.getByRole("button", { name: "Use a token instead" }).click();
  await paste(page, await token({ staff: ["read"] }));
  await page.getByRole("alert").getByText("You do not have access here").waitFor();
  await page.getByRole("button", { name: "Sign in as someone else" }).click();
  await page.getByLabel("Your name").waitFor();
  await page.context().close();
});

it("says so when the token ends and none can be had in its place", async () => {
  const page = await open("staff");
  await page.getByRole("button", { name: "Use a token instead" }).click();
  await paste(page, await token({ staff: ["read", "write"] }, 4));
  await page.getByRole("alert").getByText("Your sign-in is no longer valid.").waitFor();
  await page.context().close();
});

it("says so when reading is all one may do, and lets the message be given up", async () => {
  const page = await open("staff");
  await page.getByRole("button", { name: "Use a token instead" }).click();
  await paste(page, await token({ staff: ["read"] }));
  await page.getByRole("status").getByText("Connected").waitFor();
  await page.getByRole("textbox", { name: "Message #staff" }).fill("may I?");
  await page.keyboard.press("Enter");
  await page.getByRole("log").getByText("Not sent.").waitFor();
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByText("may I?").waitFor({ state: "detached" });
  await page.context().close();
});

it("says that a name is no room's name", async () => {
  const page = await open("no%20such%20room");
  await page.getByRole("heading", { name: "There is no such room" }).waitFor();
  await page.context().close();
});
