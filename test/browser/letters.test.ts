import { expect } from "vitest";
import { SECRETS } from "../support/server.ts";
import { barriers } from "./support/axe.ts";
import { it } from "./support/stage.ts";

const LETTER = {
  id: 7,
  carrier: "webhook",
  recipient: "tickets",
  name: "new_message",
  key: "e#1",
  seq: 1,
  reason: "invalid_request",
  storedAt: "2026-11-25T10:00:00.000Z",
  givenUpAt: "2026-11-26T10:00:00.000Z",
};

it("shows in words what a room has given up, and sends it again (P16.7)", async ({
  visit,
  room,
}) => {
  const page = await visit("/ops");
  await page.getByLabel("The server's API key").fill(SECRETS.API_KEY);
  await page.keyboard.press("Enter");
  const letters = page.getByRole("region", { name: "Dead letters" });
  const show = async () => {
    await letters.getByLabel("Room", { exact: true }).fill(room);
    await letters.getByRole("button", { name: "Show" }).click();
  };
  // The server itself: this room has none.
  await show();
  await letters.getByText(`${room} has given up nothing.`).waitFor();
  await letters.getByLabel("Room", { exact: true }).fill("no room");
  await letters.getByRole("button", { name: "Show" }).click();
  await expect.poll(() => letters.getByRole("status").textContent()).not.toContain("given up");

  // To be given up takes a day: the page is told that it was.
  let kept = [LETTER, { ...LETTER, id: 6, carrier: "timer", recipient: "bell", name: "bell" }];
  await page.route("**/dead-letters?*", (route) =>
    route.fulfill({ json: { deadLetters: kept, count: kept.length, hasMore: false } }),
  );
  const asked: string[] = [];
  await page.route("**/dead-letters/**", (route) => {
    const { pathname } = new URL(route.request().url());
    asked.push(pathname.slice(pathname.indexOf("/dead-letters")));
    const sent = asked.length === 1 ? 1 : kept.length;
    kept = asked.length === 1 ? kept.slice(1) : [];
    return route.fulfill({ json: { resent: sent } });
  });
  await show();
  await letters.getByRole("row", { name: /new_message, for the webhook tickets/ }).waitFor();
  await letters.getByText("refused for good: invalid_request").first().waitFor();
  await letters.getByText("the timer bell").waitFor();
  expect(await barriers(page)).toEqual([]);
  await letters
    .getByRole("button", { name: "Send again: new_message, for the webhook tickets" })
    .click();
  await letters.getByText(`Sent again: 1. ${room} has given up 1.`).waitFor();
  await letters.getByRole("button", { name: "Send all again" }).click();
  await letters.getByText(`Sent again: 1. ${room} has given up nothing.`).waitFor();
  expect(asked).toEqual(["/dead-letters/7/resend", "/dead-letters/resend"]);
});
