import { expect } from "vitest";
import { SECRETS } from "../support/server.ts";
import { stageWith } from "./support/stage.ts";

/** Tests on a server as a deployment begins: with nothing set but how tokens are verified. */
const it = stageWith({ GUESTS: "off" });
const keyless = stageWith({ GUESTS: "off", API_KEY: "" });

it("leads from every page to the others", async ({ visit }) => {
  const page = await visit("/rooms/lobby");
  for (const [name, heading] of [
    ["Arena", "Play in arena"],
    ["Dashboard", "Watch metrics"],
    ["Docs", "HTTP API"],
    ["Operations", "Operations"],
    ["Chat", "Enter #lobby"],
  ] as const) {
    const pages = page.getByRole("navigation", { name: "Pages of this server" });
    await pages.getByRole("link", { name }).click();
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    expect(await pages.getByRole("link", { name }).getAttribute("aria-current")).toBe("page");
  }
});

it("shows its mark though no font has the character", async ({ visit, server }) => {
  const page = await visit("/rooms/lobby");
  const mark = await page
    .locator(".seal")
    .evaluate((seal) => getComputedStyle(seal).backgroundImage);
  const address = /url\("(.+)"\)/.exec(mark)?.[1] ?? "";
  const drawing = await fetch(new URL(address, server.url));
  expect(drawing.headers.get("Content-Type")).toContain("image/svg+xml");
});

it("says what it is, and how to come by a token where guests are not let in: a command that works", async ({
  visit,
}) => {
  const page = await visit("/rooms/lobby");
  await page.getByText("A chat room on Hibiki").waitFor();
  expect(
    await page.getByRole("link", { name: "How to use it from code" }).getAttribute("href"),
  ).toBe("/docs");
  await page.getByLabel("Your name").fill("Nao");
  await page.getByRole("button", { name: "Enter", exact: true }).click();
  await page.getByRole("alert").getByText("does not let guests in").waitFor();
  const command = (await page.locator(".token-help pre").textContent()) ?? "";
  const [, address = ""] = /curl -X POST '([^']+)'/.exec(command) ?? [];
  const [, body = ""] = /-d '([^']+)'/.exec(command) ?? [];
  expect(command).toContain("Authorization: Bearer $API_KEY");
  const answer = await fetch(address, {
    method: "POST",
    headers: {
      authorization: `Bearer ${SECRETS.API_KEY}`,
      "content-type": "application/json",
    },
    body,
  });
  // The whole answer may be pasted as it came.
  await page.getByLabel("Your token").fill(await answer.text());
  await page.getByRole("button", { name: "Enter", exact: true }).click();
  await page.getByRole("status").getByText("Connected").waitFor();
  await page.getByText("Signed in as Ada").waitFor();
});

keyless("tells in operations that no API key is set, from a wrong one", async ({ visit }) => {
  const page = await visit("/ops");
  await page.getByLabel("The server's API key").fill("whatever");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("API_KEY").waitFor();
});
