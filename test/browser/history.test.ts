import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SECRETS, Server } from "../support/server.ts";
import { launch } from "./support/chromium.ts";
import { Person } from "./support/person.ts";

let server: Server;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function fill(room: string, count: number): Promise<void> {
  for (let i = 1; i <= count; i++) {
    const response = await fetch(`${server.url}/v1/rooms/${room}/messages?as=archivist`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${SECRETS.API_KEY}`,
        "content-type": "application/json",
        "idempotency-key": `${room}-${i}`,
      },
      body: JSON.stringify({ content: `entry ${i}` }),
    });
    expect(response.status).toBe(201);
  }
}

it("loads older messages on the way up, by button too, and keeps the reader's place", async () => {
  await fill("archive", 130);
  const reader = await Person.enter(browser, `${server.url}/rooms/archive`, "Rei");
  await reader.sees("entry 130");
  expect((await reader.messages())[0]).toBe("entry 81");

  await reader.page.getByRole("button", { name: "Show older messages" }).focus();
  const kept = reader.line("entry 81");
  const before = await kept.boundingBox();
  await reader.page.keyboard.press("Enter");
  await reader.sees("entry 31");
  const after = await kept.boundingBox();
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(3);

  await reader.page.getByRole("log").hover();
  for (let i = 0; i < 30 && (await reader.line("entry 1").count()) === 0; i++) {
    await reader.page.mouse.wheel(0, -2_000);
    await reader.page.waitForTimeout(50);
  }
  await reader.sees("entry 1");
  expect(await reader.messages()).toEqual(Array.from({ length: 130 }, (_, i) => `entry ${i + 1}`));
  expect(reader.complaints).toEqual([]);
  await reader.leave();
});

it("does not move who reads further up, tells how much is new, and counts it as read at the end", async () => {
  await fill("scroll", 60);
  const address = `${server.url}/rooms/scroll`;
  const [reader, writer] = await Promise.all([
    Person.enter(browser, address, "Rei"),
    Person.enter(browser, address, "Sho"),
  ]);
  await reader.sees("entry 60");
  await reader.line("entry 30").scrollIntoViewIfNeeded();
  const before = await reader.line("entry 30").boundingBox();
  await writer.say("news");
  await reader.page.getByRole("button", { name: "1 new message" }).waitFor();
  expect((await reader.line("entry 30").boundingBox())?.y).toBe(before?.y);
  await writer.page.waitForTimeout(1_500);
  expect(await writer.line("news").getByText("Seen by").count()).toBe(0);

  await reader.page.getByRole("button", { name: "1 new message" }).click();
  await writer.line("news").getByText("Seen by Rei").waitFor();
  expect([...reader.complaints, ...writer.complaints]).toEqual([]);
  await Promise.all([reader.leave(), writer.leave()]);
});

it("finds the original of a reply in history that is not at hand", async () => {
  await fill("deep", 120);
  const reader = await Person.enter(browser, `${server.url}/rooms/deep`, "Rei");
  await fetch(`${server.url}/v1/rooms/deep/messages?as=archivist`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${SECRETS.API_KEY}`,
      "content-type": "application/json",
      "idempotency-key": "deep-reply",
    },
    body: JSON.stringify({ content: "about that", replyTo: 3 }),
  });
  await reader.page.getByRole("button", { name: /In reply to an earlier message/ }).click();
  await reader.sees("entry 3");
  await expect
    .poll(() => reader.page.evaluate(() => document.activeElement?.textContent))
    .toContain("entry 3");
  await reader.leave();
});
