import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Server } from "../support/server.ts";
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

it("loses and doubles nothing when the server is killed while someone writes", async () => {
  const address = `${server.url}/rooms/storm`;
  const [aiko, ben] = await Promise.all([
    Person.enter(browser, address, "Aiko"),
    Person.enter(browser, address, "Ben"),
  ]);
  const written: string[] = [];
  const write = async (text: string) => {
    written.push(text);
    await aiko.say(text);
  };

  for (let i = 1; i <= 5; i++) await write(`calm ${i}`);
  await ben.sees("calm 5");
  const killed = server.kill();
  for (let i = 1; i <= 10; i++) await write(`storm ${i}`);
  await killed;
  await aiko.status.filter({ hasText: /Reconnecting, try \d+/ }).waitFor();
  await write("dark 1");
  await aiko.line("dark 1").getByText("Waiting to send").waitFor();
  await aiko.status.filter({ hasText: /\d+ waiting to send/ }).waitFor();
  expect(await aiko.messages()).toEqual(written);

  await server.up();
  await write("dawn 1");
  await Promise.all([ben.sees("dawn 1"), aiko.connected(), ben.connected()]);
  await aiko.page.locator(".line.pending").first().waitFor({ state: "detached" });
  expect(await ben.messages()).toEqual(written);
  expect(await aiko.messages()).toEqual(written);
  expect(await aiko.page.getByText("Waiting to send").count()).toBe(0);

  await ben.say("all there");
  await aiko.sees("all there");
  await aiko.page.reload();
  await aiko.sees("all there");
  expect(await aiko.messages()).toEqual([...written, "all there"]);
  expect([...aiko.complaints, ...ben.complaints]).toEqual([]);
});
