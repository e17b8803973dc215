import { expect } from "vitest";
import { it } from "./support/stage.ts";

it("offers an absent author after an @, behind those present, and rings their bell", async ({
  enter,
}) => {
  const aiko = await enter("Aiko");
  const ben = await enter("Benta");
  await ben.say("back later");
  await aiko.sees("back later");
  const address = ben.page.url();
  await ben.page.goto(new URL("/rooms/elsewhere", address).href);
  await enter("Zaben");
  await aiko.page.reload();
  await aiko.sees("back later");
  await aiko.field.pressSequentially("see this @ben");
  const options = aiko.page.getByRole("option");
  await aiko.page.getByRole("option", { name: "Benta" }).getByText("not here now").waitFor();
  expect(await options.locator("bdi").allTextContents()).toEqual(["Zaben", "Benta"]);
  await aiko.field.press("ArrowDown");
  await aiko.field.press("Enter");
  expect(await aiko.field.inputValue()).toBe("see this @Benta ");
  await aiko.field.press("Enter");
  await ben.page.getByRole("button", { name: "Notifications, 1 unread" }).waitFor();
});

it("tells two people of one name apart wherever they are named, and mentions the one picked", async ({
  enter,
}) => {
  const aiko = await enter("Aiko");
  const [one, two] = [await enter("Ann"), await enter("Ann")];
  const here = aiko.page.getByRole("region", { name: "People here" });
  await expect.poll(() => here.locator(".tail").count()).toBe(2);
  const tails = await here.locator(".tail").allTextContents();
  expect(new Set(tails).size).toBe(2);
  await one.say("I am one");
  await two.say("I am two");
  await aiko.sees("I am two");
  expect((await aiko.page.locator(".byline .tail").allTextContents()).sort()).toEqual(
    [...tails].sort(),
  );
  await aiko.field.pressSequentially("@ann");
  const options = aiko.page.getByRole("option");
  await expect.poll(() => options.locator(".tail").count()).toBe(2);
  const mine = aiko.line("I am two").locator(".tail");
  const tail = (await mine.textContent()) ?? "";
  await options.filter({ hasText: tail }).click();
  await aiko.field.press("Enter");
  await two.page.getByRole("button", { name: "Notifications, 1 unread" }).waitFor();
  expect(await one.page.getByRole("button", { name: "Notifications", exact: true }).count()).toBe(
    1,
  );
});

it("shows two of those who have seen a message and a count, on a phone in two lines at most", async ({
  enter,
}) => {
  const viewport = { width: 360, height: 740 };
  const aiko = await enter("Aiko", { viewport });
  const long = (name: string) => `${name} Featherstonehaugh-Cholmondeley of Westminster`;
  await Promise.all(["Ben", "Cleo", "Dan", "Eva"].map((name) => enter(long(name), { viewport })));
  await aiko.say("who is there?");
  const seen = aiko.line("who is there?").locator(".seen");
  await seen.getByText("and 2 more").waitFor();
  expect(await seen.locator("summary bdi").allTextContents()).toEqual([long("Ben"), long("Cleo")]);
  expect((await seen.boundingBox())?.height).toBeLessThan(44);
  expect(await aiko.overflows()).toBe(false);
  await seen.locator("summary").click();
  expect(await seen.locator("li").allTextContents()).toEqual(
    ["Ben", "Cleo", "Dan", "Eva"].map(long),
  );
});
