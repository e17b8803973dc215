import type { Locator } from "playwright-core";
import { expect } from "vitest";
import { it } from "./support/stage.ts";

const DANA = "דנה כהן";

/** Which way an element's text runs, as the browser lays it out. */
function direction(locator: Locator): Promise<string> {
  return locator.first().evaluate((element) => getComputedStyle(element).direction);
}

/** Where a piece of an element's text begins, in pixels from the left. */
function leftOf(locator: Locator, piece: string): Promise<number> {
  return locator.first().evaluate((element, wanted) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const at = node.textContent?.indexOf(wanted) ?? -1;
      if (at === -1) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      return range.getBoundingClientRect().left;
    }
    throw new Error(`It does not say ${wanted}.`);
  }, piece);
}

it("lays out what people write in its own direction, everywhere it is shown", async ({ enter }) => {
  const dana = await enter(DANA);
  const ben = await enter("Ben");
  await dana.field.fill("שלום לכולם!");
  expect(await direction(dana.field)).toBe("rtl");
  await dana.field.press("Enter");
  await ben.sees("שלום לכולם!");
  expect(await direction(ben.page.locator(".text p"))).toBe("rtl");
  expect(await direction(ben.page.locator(".author"))).toBe("rtl");
  expect(await direction(ben.page.locator(".people .name", { hasText: DANA }))).toBe("rtl");

  await ben.act("שלום לכולם!", "Reply");
  expect(await direction(ben.page.locator(".replying .quote-text"))).toBe("rtl");
  await ben.page.keyboard.type("hello!");
  expect(await direction(ben.field)).toBe("ltr");
  await ben.page.keyboard.press("Enter");
  await dana.sees("hello!");
  expect(await direction(dana.page.locator(".quote-text"))).toBe("rtl");
  expect(await direction(dana.line("hello!").locator(".text p"))).toBe("ltr");

  // Each line of a message by itself: a full stop is at the end of what it ends.
  await dana.say("English first.\nואחר כך עברית.");
  await ben.sees("English first.");
  const said = ben.page.locator(".line .text p", { hasText: "English" });
  expect(await leftOf(said, "English")).toBeLessThan(await leftOf(said, "first"));
  expect(await leftOf(said, "ואחר")).toBeGreaterThan(await leftOf(said, "עברית"));
  expect(await leftOf(said, "ואחר")).toBeGreaterThan(await leftOf(said, "English"));

  // A sentence of the page's own stays English, whoever it names.
  await dana.field.pressSequentially("עוד");
  const typing = ben.page.locator(".typing");
  await typing.getByText("is typing…").waitFor();
  expect(await leftOf(typing, "typing…")).toBeGreaterThan(await leftOf(typing, "דנה"));
  const seen = dana.page.locator(".seen", { hasText: "Seen by Ben" });
  await seen.waitFor();
  expect(await direction(seen)).toBe("ltr");
});

it("names a chart and its lines in the direction that their names have", async ({
  visit,
  ask,
  room,
}) => {
  const page = await visit(`/dashboard?topic=${room}`);
  await page.getByLabel("Your name").fill("Mio");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Connected").waitFor();
  const data = { פנים: 21, out: 4 };
  await ask("POST", `/v1/rooms/topic:${room}/publish`, { event: "טמפרטורה, °C", data });
  await page.getByRole("figure", { name: "טמפרטורה, °C" }).waitFor();
  expect(await direction(page.locator("figcaption h2"))).toBe("rtl");
  expect(await direction(page.locator(".label", { hasText: "פנים" }))).toBe("rtl");
  expect(await direction(page.locator(".label", { hasText: "out" }))).toBe("ltr");
});

it("keeps a name of an old store from turning over the text around it", async ({
  enter,
  visit,
  address,
}) => {
  const aiko = await enter("Aiko");
  const page = await visit("about:blank");
  // As a store of an earlier release tells it: today's server would not take the name.
  await page.routeWebSocket(/\/v1\/rooms\/room-[^/]+\/ws/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => socket.send(String(message).replaceAll("Aiko", "\\u202EAiko")));
  });
  await page.goto(address);
  await page.getByLabel("Your name").fill("Ben");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Connected").waitFor();
  await aiko.say("hello");
  await page.getByRole("log").getByText("hello").waitFor();
  for (const place of [".author", ".people .name"]) {
    const name = page.locator(place, { hasText: "Aiko" });
    expect(await leftOf(name, "A")).toBeLessThan(await leftOf(name, "o"));
  }
  expect(await page.locator("body").textContent()).not.toContain("\u202E");
});
