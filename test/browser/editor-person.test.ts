import { expect } from "vitest";
import { it } from "./support/document-stage.ts";
import { nameless } from "./support/names.ts";

it("forgets what the device kept when one signs out, and asks first while something is unsaved", async ({
  come,
}) => {
  const aiko = await come("Aiko");
  const kept = () =>
    aiko.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  await aiko.write("mine");
  await aiko.saved();
  expect(await kept()).toHaveLength(1);
  await aiko.page.context().setOffline(true);
  await aiko.write(" and more");
  await aiko.page.getByRole("button", { name: "Sign out" }).click();
  const question = aiko.page.getByRole("dialog", { name: "Sign out without saving?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  await aiko.page.context().setOffline(false);
  await aiko.connected();
  await aiko.saved();
  await aiko.page.getByRole("button", { name: "Sign out" }).click();
  await aiko.page.getByLabel("Your name").waitFor();
  await expect.poll(kept).toEqual([]);
});

it("is left by Escape and Tab, and indents by Tab alone", async ({ come }) => {
  const aiko = await come("Aiko");
  const isInside = () => aiko.text.evaluate((text) => text.contains(document.activeElement));
  await aiko.write("- list");
  await aiko.page.keyboard.press("Tab");
  expect([await isInside(), await aiko.content()]).toEqual([true, "  - list"]);
  await aiko.page.keyboard.press("Escape");
  await aiko.page.keyboard.press("Shift+Tab");
  expect(await isInside()).toBe(false);
});

it("goes on with a list, undoes one's own changes alone, and finds text", async ({ come }) => {
  const aiko = await come("Aiko");
  const ben = await come("Ben");
  await aiko.write("- one\ntwo");
  expect(await aiko.content()).toBe("- one\n- two");
  await ben.sees("- two");
  await ben.write(" of ben");
  await aiko.sees("two of ben");
  await aiko.text.press("Control+Z");
  await expect.poll(() => aiko.content()).toMatch(/ of ben$/);
  expect(await aiko.content()).not.toContain("two");
  await aiko.page.getByRole("button", { name: "Find", exact: true }).click();
  await aiko.page.keyboard.type("ben");
  await aiko.text.locator(".cm-searchMatch").waitFor();
});

it("writes each line in the direction of its own letters", async ({ come }) => {
  const dana = await come("דנה");
  await dana.write("Hello\nשלום");
  const directions = await dana.text
    .locator(".cm-line")
    .evaluateAll((all) => all.map((line) => getComputedStyle(line).direction));
  expect(directions).toEqual(["ltr", "rtl"]);
});

it("says that a name is no document's, and lands in the first one without a name", async ({
  visit,
}) => {
  const page = await visit("/editor/no%20document");
  await page.getByRole("heading", { name: "There is no such document" }).waitFor();
  const first = await visit("/editor");
  await first.getByRole("heading", { name: "Write in welcome" }).waitFor();
  expect(await nameless(first)).toEqual([]);
});
