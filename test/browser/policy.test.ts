import { expect } from "vitest";
import { it } from "./support/stage.ts";

/** Opens a WebSocket from a page; what became of it: its close code, or that the page may not. */
function opening(url: string): Promise<number | "forbidden"> {
  return new Promise((resolve) => {
    document.addEventListener("securitypolicyviolation", () => resolve("forbidden"));
    new WebSocket(url).addEventListener("close", ({ code }) => resolve(code));
  });
}

it("lets a page open a WebSocket to its own host, and to no other", async ({ browser, server }) => {
  const page = await browser.newPage();
  await page.goto(server.url);
  const path = "/v1/rooms/general/ws";
  const own = server.url.replace("http:", "ws:");
  expect(await page.evaluate(opening, `${own}${path}`)).toBe(4401);
  const other = own.replace("127.0.0.1", "localhost");
  expect(await page.evaluate(opening, `${other}${path}`)).toBe("forbidden");
  await page.close();
});
