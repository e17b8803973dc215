import { expect } from "vitest";
import { Person } from "./support/person.ts";
import { stageWith } from "./support/stage.ts";

const it = stageWith({ LIMIT_CONNECTIONS_PER_IP: "1" });

it("says at once and in words why one is not let in, what to do, and lets one in as soon as there is a place", async ({
  enter,
  visit,
  address,
}) => {
  const aiko = await enter("Aiko");
  const page = await visit(address);
  await page.getByLabel("Your name").fill("Ben");
  await page.getByRole("button", { name: "Enter", exact: true }).click();
  const alert = page.getByRole("alert").getByText("too many connections");
  await alert.waitFor();
  expect(await alert.textContent()).toContain("Close other tabs");
  expect(await page.getByRole("alert").getByRole("button").count()).toBe(0);
  expect(await page.locator(".header").getByRole("status").textContent()).toMatch(/^Not let in/);
  // It stays from try to try.
  await page
    .getByRole("status")
    .getByText(/try [2-9]/)
    .waitFor();
  expect(await alert.isVisible()).toBe(true);
  await aiko.leave();
  await page.getByRole("status").getByText("Connected").waitFor();
  await alert.waitFor({ state: "detached" });
});

it("says so on the dashboard too", async ({ visit, room }) => {
  const watch = async () => {
    const page = await visit(`/dashboard?topic=${room}`);
    await page.getByLabel("Your name").fill("Mio");
    await page.keyboard.press("Enter");
    return page;
  };
  await (await watch()).getByRole("status").getByText("Connected").waitFor();
  await (await watch()).getByRole("alert").getByText("too many connections").waitFor();
});

it("says why a guest is not let in again, when that is why", async ({ address, browser }) => {
  const aiko = await Person.enter(browser, address, "Aiko");
  await aiko.page.evaluate(() => {
    const identity = JSON.parse(localStorage.getItem("hibiki.identity") ?? "{}");
    localStorage.setItem("hibiki.identity", JSON.stringify({ ...identity, expiresAtMs: 1 }));
  });
  const refusal = {
    error: { code: "rate_limited", message: "x", retryable: true, retryAfterMs: 60_000 },
  };
  await aiko.page.route("**/v1/guests", (route) => route.fulfill({ status: 429, json: refusal }));
  await aiko.page.reload();
  await aiko.page.getByRole("alert").getByText("too often").waitFor();
  await aiko.page.unroute("**/v1/guests");
  await aiko.connected();
  expect(await aiko.page.getByRole("alert").count()).toBe(0);
  await aiko.leave();
});
