import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { faintTexts } from "./support/contrast.ts";
import { nameless } from "./support/names.ts";
import type { Person } from "./support/person.ts";
import { it as onStage } from "./support/stage.ts";

/** A folder to leave pictures of the page in. */
const pictures = process.env["PICTURES"];

/** The bell of a page, with so many unread. */
function bell(page: Page, unread: number): Locator {
  const name = unread === 0 ? "Notifications" : `Notifications, ${unread} unread`;
  return page.getByRole("button", { name, exact: true });
}

/** Two people in this test's room; Ben looks at it in two tabs. */
const it = onStage.extend<{
  readonly aiko: Person;
  readonly ben: Person;
  readonly otherTab: Page;
  readonly mention: (text: string) => Promise<void>;
}>({
  aiko: async ({ enter }, use) => use(await enter("Aiko")),
  ben: async ({ enter, aiko }, use) => {
    const ben = await enter("Ben");
    await aiko.page.getByRole("region", { name: "People here" }).getByText("Ben").waitFor();
    await use(ben);
  },
  otherTab: async ({ ben, server }, use) => {
    const page = await ben.page.context().newPage();
    await page.goto(`${server.url}/rooms/elsewhere`);
    await page.getByRole("status").getByText("Connected").waitFor();
    await use(page);
  },
  mention: async ({ aiko, ben }, use) => use((text) => aiko.say(`@${ben.name} ${text}`)),
});

it("rings for a mention and a reply, counts alike in two tabs, and is read in both at once", async ({
  aiko,
  ben,
  otherTab,
  mention,
  room,
}) => {
  await bell(ben.page, 0).waitFor();
  await mention("come and see");
  await bell(ben.page, 1).waitFor();
  await bell(otherTab, 1).waitFor();
  await ben.say("where?");
  await aiko.sees("where?");
  await aiko.act("where?", "Reply");
  await aiko.page.keyboard.type("at the gate");
  await aiko.page.keyboard.press("Enter");
  await bell(ben.page, 2).waitFor();
  await bell(otherTab, 2).click();
  const list = otherTab.getByRole("dialog", { name: "Notifications" });
  // Who and where is somebody's own text: it stands in the body, never in the title.
  expect(await list.locator(".notice-title").allTextContents()).toEqual([
    "You have a reply",
    "You were mentioned",
  ]);
  const where = `By Aiko in ${room}`;
  expect(await list.locator(".notice-body").allTextContents()).toEqual([where, where]);

  await list.getByRole("link", { name: /You were mentioned/ }).click();
  await ben.page.getByText("1 unread notification").waitFor();
  await bell(ben.page, 1).click();
  await ben.page.getByRole("button", { name: "Mark all as read" }).click();
  await bell(ben.page, 0).waitFor();
  await bell(otherTab, 0).waitFor();
  await bell(aiko.page, 0).waitFor();
});

it("leads from a notification to its message, however long ago that was", async ({
  aiko,
  ben,
  otherTab,
  mention,
  ask,
  room,
}) => {
  await mention("remember this");
  await aiko.sees("remember this");
  for (let i = 1; i <= 60; i++) {
    await ask("POST", `/v1/rooms/${room}/messages?as=u`, { content: `${i}`, messageId: `m-${i}` });
  }
  await bell(otherTab, 1).click();
  await otherTab.getByRole("link", { name: /You were mentioned.*Aiko/ }).click();
  await otherTab.getByRole("heading", { level: 1, name: room }).waitFor();
  await expect
    .poll(() => otherTab.evaluate(() => document.activeElement?.textContent))
    .toContain("remember this");
  await bell(ben.page, 0).waitFor();
  await bell(otherTab, 0).waitFor();
});

it("keeps what is unread through a kill of the server, and what was read meanwhile", async ({
  server,
  ben,
  otherTab,
  mention,
}) => {
  await mention("first");
  await mention("second");
  await bell(ben.page, 2).waitFor();
  await bell(ben.page, 2).click();
  await server.kill();
  await ben.status.filter({ hasText: /Reconnecting/ }).waitFor();
  await ben.page
    .getByRole("link", { name: /You were mentioned/ })
    .first()
    .click();
  await server.up();
  await ben.connected();
  await bell(ben.page, 1).waitFor();
  await bell(otherTab, 1).waitFor();
  await mention("third");
  await bell(ben.page, 2).waitFor();
  await ben.page.reload();
  await bell(ben.page, 2).waitFor();
});

it("can be used with the keyboard alone, and gives the focus back", async ({ ben, mention }) => {
  await mention("keys");
  await bell(ben.page, 1).focus();
  const keys = ben.page.keyboard;
  await keys.press("Enter");
  const list = ben.page.getByRole("dialog", { name: "Notifications" });
  const hasFocus = () => list.evaluate((element) => element === document.activeElement);
  await expect.poll(hasFocus).toBe(true);
  await keys.press("Tab");
  await keys.press("Tab");
  const focused = () => ben.page.evaluate(() => document.activeElement?.textContent);
  expect(await focused()).toContain("You were mentioned");
  await keys.press("Escape");
  await list.waitFor({ state: "detached" });
  expect(await bell(ben.page, 1).evaluate((button) => button === document.activeElement)).toBe(
    true,
  );

  await keys.press("Space");
  await list.waitFor();
  await ben.field.click();
  await list.waitFor({ state: "detached" });
  expect(await ben.field.evaluate((field) => field === document.activeElement)).toBe(true);
});

it("shows what a backend sends, and follows only links that are safe to follow", async ({
  ben,
  ask,
}) => {
  const userId = await ben.page.evaluate(
    () => JSON.parse(localStorage.getItem("hibiki.identity") ?? "{}").userId as string,
  );
  const send = (body: object) => ask("POST", `/v1/users/${userId}/notifications`, body);
  await send({ type: "bill", title: "A bill", body: "<b>12</b>", url: "https://example.com/1" });
  await send({ type: "note", title: "Just so you know" });
  await bell(ben.page, 2).click();
  const link = ben.page.getByRole("link", { name: /A bill/ });
  expect(await link.getAttribute("rel")).toContain("noopener");
  expect(await link.textContent()).toContain("<b>12</b>");
  await ben.page.getByRole("button", { name: /Just so you know/ }).click();
  await bell(ben.page, 1).waitFor();
});

onStage.for([
  ["light", 1280],
  ["dark", 1280],
  ["light", 360],
  ["dark", 360],
] as const)("fits and can be read, %s at %i px", async ([colorScheme, width], { enter, ask }) => {
  const options = { colorScheme, viewport: { width, height: 740 } };
  const ben: Person = await enter("Ben", options);
  const userId = await ben.page.evaluate(
    () => JSON.parse(localStorage.getItem("hibiki.identity") ?? "{}").userId as string,
  );
  const send = (title: string) =>
    ask("POST", `/v1/users/${userId}/notifications`, { type: "x", title, body: "more ".repeat(9) });
  await send("Read one");
  await bell(ben.page, 1).click();
  await ben.page.getByRole("button", { name: /Read one/ }).click();
  await bell(ben.page, 0).waitFor();
  await send(`Long${"long".repeat(40)}`);
  await bell(ben.page, 1).waitFor();
  await ben.page.waitForTimeout(300);
  expect(await ben.overflows()).toBe(false);
  expect(await faintTexts(ben.page)).toEqual([]);
  expect(await nameless(ben.page)).toEqual([]);
  const list = await ben.page.getByRole("dialog", { name: "Notifications" }).boundingBox();
  expect(list?.x).toBeGreaterThanOrEqual(0);
  expect((list?.x ?? 0) + (list?.width ?? 0)).toBeLessThanOrEqual(width);
  if (pictures !== undefined) {
    await ben.page.screenshot({ path: `${pictures}/bell-${colorScheme}-${width}.png` });
  }
});
