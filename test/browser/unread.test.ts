import { expect } from "vitest";
import { barriers } from "./support/axe.ts";
import type { Person } from "./support/person.ts";
import { it } from "./support/stage.ts";

/** Goes to another room by its name. */
async function goTo(person: Person, room: string): Promise<void> {
  await person.page.getByRole("textbox", { name: "Name of another room" }).fill(room);
  await person.page.getByRole("button", { name: "Go" }).click();
  await person.page.getByRole("heading", { level: 1, name: room, exact: true }).waitFor();
  await person.connected();
}

it("counts what is new in the rooms one was in, and shows where one left off", async ({
  enter,
  room,
}) => {
  const [aiko, ben] = await Promise.all([enter("Aiko"), enter("Ben")]);
  await ben.say("before");
  await aiko.sees("before");
  await ben.line("before").getByText("Seen by Aiko").waitFor();
  await goTo(aiko, `${room}-b`);
  expect(await aiko.page.locator(".unread-mark").count()).toBe(0);
  for (let i = 1; i <= 30; i++) await ben.say(`after ${i}`);
  await ben.line("after 30").getByText("Waiting to send").waitFor({ state: "detached" });
  // Rooms are asked when the page is opened, and seldom from then on.
  await aiko.page.reload();
  const link = aiko.page.getByRole("link", { name: `${room} 20+ unread` });
  await link.waitFor();
  expect(await aiko.page.locator(".unread-mark").textContent()).toBe("20+");
  expect(await barriers(aiko.page)).toEqual([]);

  await link.click();
  await aiko.sees("after 1");
  const first = aiko.line("after 1");
  await first.getByText("New", { exact: true }).waitFor();
  expect(await aiko.page.locator(".first-new").count()).toBe(1);
  expect(await aiko.page.locator(".unread-mark").count()).toBe(0);
  // More is new than fits: the page begins where one left off, and the end counts as unread.
  const top = (await first.boundingBox())?.y ?? 0;
  const log = await aiko.page.getByRole("log").boundingBox();
  expect(top).toBeGreaterThanOrEqual(log?.y ?? 0);
  expect(top).toBeLessThan((log?.y ?? 0) + (log?.height ?? 0) / 2);
  expect(await barriers(aiko.page)).toEqual([]);
  await aiko.page.getByRole("button", { name: /new messages/ }).click();
  await ben.line("after 30").getByText("Seen by Aiko").waitFor();
  await aiko.say("caught up");
  await aiko.page.locator(".first-new").waitFor({ state: "detached" });
});

it("has nothing new to show to whoever comes for the first time, or has seen all", async ({
  enter,
}) => {
  const ben = await enter("Ben");
  await ben.say("before");
  await ben.line("before").getByText("Waiting to send").waitFor({ state: "detached" });
  const aiko = await enter("Aiko");
  await aiko.sees("before");
  expect(await aiko.page.locator(".first-new").count()).toBe(0);
  await ben.line("before").getByText("Seen by Aiko").waitFor();
  await aiko.page.reload();
  await aiko.sees("before");
  expect(await aiko.page.locator(".first-new").count()).toBe(0);
});
