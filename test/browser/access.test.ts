import { describe, expect } from "vitest";
import { faintTexts } from "./support/contrast.ts";
import { nameless } from "./support/names.ts";
import { Person } from "./support/person.ts";
import { it } from "./support/stage.ts";

describe.each([
  { colorScheme: "light", width: 1440 },
  { colorScheme: "dark", width: 1440 },
  { colorScheme: "light", width: 360 },
  { colorScheme: "dark", width: 360 },
] as const)("in $colorScheme at $width px", ({ colorScheme, width }) => {
  it("fits the page, can be read, and has a name for every control", async ({ enter }) => {
    const aiko = await enter("Aiko", { colorScheme, viewport: { width, height: 740 } });
    const ben = await enter("Ben");
    await aiko.say(`A long one: https://example.com/${"long".repeat(60)} ${"word".repeat(80)}`);
    await ben.say("@Aiko a short one");
    await aiko.sees("@Aiko a short one");
    await ben.act("@Aiko a short one", "Reply");
    await ben.page.keyboard.type("and a reply");
    await ben.page.keyboard.press("Enter");
    await aiko.act("and a reply", "React");
    await aiko.page.getByRole("button", { name: "heart", exact: true }).click();
    await aiko.page.getByRole("button", { name: /^heart, 1/ }).waitFor();

    const look = async () => {
      // Colours fade in and out when the pointer moves.
      await aiko.page.waitForTimeout(300);
      expect(await aiko.overflows()).toBe(false);
      expect(await faintTexts(aiko.page)).toEqual([]);
      expect(await nameless(aiko.page)).toEqual([]);
    };
    await look();
    await aiko.field.fill("@b");
    await aiko.page.getByRole("option", { name: "Ben" }).waitFor();
    await look();
    await aiko.field.fill("x".repeat(4_100));
    await look();
    await aiko.field.fill("");
    if (width < 800) {
      await aiko.page.getByRole("button", { name: "Rooms and people" }).click();
      await look();
      await aiko.page.keyboard.press("Escape");
    }
  });
});

describe.each([1280, 360])("at %i px", (width) => {
  it("takes the longest room name, with nothing pushed out of the page", async ({
    browser,
    server,
  }) => {
    const room = `long:${"name".repeat(30)}end`;
    const viewport = { width, height: 740 };
    const aiko = await Person.enter(browser, `${server.url}/rooms/${room}`, "Aiko", { viewport });
    await aiko.say("here");
    await aiko.sees("here");
    expect(await aiko.overflows()).toBe(false);
    const send = await aiko.page.getByRole("button", { name: "Send" }).boundingBox();
    expect((send?.x ?? width) + (send?.width ?? 0)).toBeLessThanOrEqual(width);
    expect((await aiko.field.boundingBox())?.height).toBeLessThan(60);
    await aiko.leave();
  });
});

it("has landmarks, one level-one heading, a log and a status", async ({ enter }) => {
  const { page } = await enter("Aiko");
  for (const role of ["main", "navigation", "complementary", "log", "form"] as const) {
    await page.getByRole(role).first().waitFor({ state: "attached" });
  }
  expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
  expect(await page.getByRole("log").getAttribute("aria-label")).toBe("Messages");
  await expect.poll(() => page.getByRole("log").getAttribute("aria-live")).toBe("polite");
  expect(await page.locator("html").getAttribute("lang")).toBe("en");
});

it("can be used with the keyboard alone, from signing in to reacting", async ({
  visit,
  address,
}) => {
  const page = await visit(address);
  await page.getByLabel("Your name").waitFor();
  const keys = page.keyboard;
  // The first field has the focus when the page opens.
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute("id")))
    .toBe("who");
  await keys.type("Kei");
  await keys.press("Enter");
  await page.getByRole("status").getByText("Connected").waitFor();
  // The field has the focus when one enters.
  await keys.type("no mouse");
  await keys.press("Enter");
  const log = page.getByRole("log");
  await log.getByText("no mouse").waitFor();
  await log.getByText("Waiting to send").waitFor({ state: "detached" });

  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  for (let i = 0; i < 20; i++) {
    await keys.press("Tab");
    if (await log.evaluate((element) => element === document.activeElement)) break;
  }
  await keys.press("ArrowUp");
  await keys.press("Tab");
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  expect(await focused()).toBe("React");
  const outline = () =>
    page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
  expect(await outline()).not.toBe("none");
  await keys.press("Enter");
  expect(await focused()).toBe("thumbs up");
  await keys.press("ArrowRight");
  await keys.press("Enter");
  await page.getByRole("button", { name: "heart, 1: you" }).waitFor();

  await page.getByRole("textbox", { name: /^Message #/ }).focus();
  await keys.press("ArrowUp");
  expect(await focused()).toBe("Edit message");
  await keys.press("End");
  await keys.type("!");
  await keys.press("Enter");
  await log.getByText("no mouse!").waitFor();

  await log.focus();
  await keys.press("ArrowUp");
  for (const name of ["React", "Reply", "Edit", "Delete"]) {
    await keys.press("Tab");
    expect(await focused()).toBe(name);
  }
  await keys.press("Enter");
  await page.getByRole("dialog", { name: "Delete this message?" }).waitFor();
  await keys.press("Escape");
  const inLine = () => page.evaluate(() => document.activeElement?.matches(".line"));
  await expect.poll(inLine).toBe(true);
});
