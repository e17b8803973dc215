import { expect } from "vitest";
import type { Person } from "./support/person.ts";
import { it as onStage } from "./support/stage.ts";

/** Two people in this test's room. */
const it = onStage.extend<{ readonly aiko: Person; readonly ben: Person }>({
  aiko: async ({ enter }, use) => use(await enter("Aiko")),
  ben: async ({ enter }, use) => use(await enter("Ben")),
});

it("lets two people talk, and shows who is here, who types and who has read", async ({
  aiko,
  ben,
}) => {
  const here = aiko.page.getByRole("region", { name: "People here" });
  await here.getByText("Ben").waitFor();
  await ben.field.pressSequentially("on my way");
  await aiko.page.getByText("Ben is typing…").waitFor();
  await ben.field.press("Enter");
  await aiko.sees("on my way");
  await aiko.page.getByText("Ben is typing…").waitFor({ state: "detached" });
  await ben.line("on my way").getByText("Seen by Aiko").waitFor();
  await aiko.say("good");
  await ben.sees("good");
  expect(await aiko.messages()).toEqual(["on my way", "good"]);
  await ben.leave();
  await here.getByText("Ben").waitFor({ state: "detached" });
});

it("shows text as text, keeps line breaks and makes links of addresses alone", async ({
  aiko,
  ben,
}) => {
  await aiko.field.fill("<img src=x onerror=alert(1)> https://example.com/a");
  await aiko.field.press("Shift+Enter");
  await aiko.field.pressSequentially("javascript:alert(2)");
  await aiko.field.press("Enter");
  await ben.sees("onerror");
  expect(await ben.messages()).toEqual([
    "<img src=x onerror=alert(1)> https://example.com/a\njavascript:alert(2)",
  ]);
  const links = ben.page.getByRole("log").getByRole("link");
  expect(await links.count()).toBe(1);
  expect(await links.getAttribute("rel")).toContain("noopener");
});

it("sends nothing in which nothing can be seen", async ({ aiko, ben }) => {
  for (const nothing of ["  ", "\u200b\u200d"]) {
    await aiko.field.fill(nothing);
    await aiko.field.press("Enter");
  }
  await aiko.say("something");
  await ben.sees("something");
  expect(await aiko.messages()).toEqual(["something"]);
});

it("shows a message of data alone as the data that it is", async ({ aiko, ask, room }) => {
  await ask("POST", `/v1/rooms/${room}/messages?as=voter`, {
    content: "",
    data: { vote: "<b>ramen</b>" },
    messageId: "v-1",
  });
  await aiko.sees('{"vote":"<b>ramen</b>"}');
});

it("shows code and emphasis, markup never, and the source again to whoever edits it", async ({
  aiko,
  ben,
}) => {
  const source = "**bold** *it* `<i>`\n```js\n<script>alert(1)</script>\n```";
  await aiko.say(source);
  const text = ben.page.locator(".line .text").last();
  await text.locator("strong", { hasText: "bold" }).waitFor();
  expect(await text.locator("em").textContent()).toBe("it");
  expect(await text.locator("p code").textContent()).toBe("<i>");
  expect(await text.locator("pre code").textContent()).toBe("<script>alert(1)</script>");
  expect(await text.locator("script, i").count()).toBe(0);
  const line = aiko.page.locator(".line").last();
  await line.hover();
  await line.getByRole("button", { name: "Edit" }).click();
  expect(await aiko.page.getByRole("textbox", { name: "Edit message" }).inputValue()).toBe(source);
});

it("edits and deletes for everyone, the latter only after it was confirmed", async ({
  aiko,
  ben,
}) => {
  await aiko.say("frist");
  await ben.sees("frist");
  await aiko.act("frist", "Edit");
  const editor = aiko.page.getByRole("textbox", { name: "Edit message" });
  await editor.fill("first");
  await editor.press("Enter");
  await ben.sees("first");
  await ben.line("first").getByText("edited").waitFor();

  await aiko.act("first", "Delete");
  await aiko.page.getByRole("dialog").getByRole("button", { name: "Keep" }).click();
  expect(await aiko.messages()).toEqual(["first"]);
  await aiko.act("first", "Delete");
  await aiko.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await ben.sees("Message deleted");
  expect(await ben.messages()).toEqual([]);
});

it("offers edit and delete on one's own messages only", async ({ aiko, ben }) => {
  await aiko.say("mine");
  await ben.line("mine").hover();
  await ben.line("mine").getByRole("button", { name: "Reply" }).waitFor();
  expect(await ben.line("mine").getByRole("button", { name: "Edit" }).count()).toBe(0);
});

it("adds reactions up, and takes one's own off again", async ({ aiko, ben }) => {
  await aiko.say("done!");
  await ben.sees("done!");
  await ben.act("done!", "React");
  await ben.page.getByRole("button", { name: "party", exact: true }).click();
  const reaction = aiko.page.getByRole("button", { name: /^party/ });
  await reaction.click();
  await ben.page.getByRole("button", { name: "party, 2: you and Aiko", pressed: true }).click();
  await aiko.page.getByRole("button", { name: "party, 1: you", pressed: true }).click();
  await reaction.waitFor({ state: "detached" });
});

it("replies with a quote that leads to the original", async ({ aiko, ben }) => {
  await aiko.say("where to?");
  await ben.sees("where to?");
  await ben.act("where to?", "Reply");
  await ben.page.keyboard.type("to the sea");
  await ben.page.keyboard.press("Enter");
  await aiko.sees("to the sea");
  await aiko.page.getByRole("button", { name: /In reply to Aiko/ }).click();
  await expect
    .poll(() => aiko.page.evaluate(() => document.activeElement?.textContent))
    .toContain("where to?");
});

it("offers the people present after an @, and sets the mention off for the one meant", async ({
  aiko,
  ben,
}) => {
  await aiko.field.pressSequentially("hello @be");
  await aiko.page.getByRole("option", { name: "Ben" }).waitFor();
  await aiko.field.press("Enter");
  expect(await aiko.field.inputValue()).toBe("hello @Ben ");
  await aiko.field.press("Enter");
  await ben.page.locator(".line.to-me .mention", { hasText: "@Ben" }).waitFor();
});

it("offers someone who comes in while an @ is being typed", async ({ aiko, enter }) => {
  await aiko.field.pressSequentially("hello @re");
  await enter("Rei");
  await aiko.page.getByRole("option", { name: "Rei" }).waitFor();
  await aiko.field.press("Enter");
  expect(await aiko.field.inputValue()).toBe("hello @Rei ");
});

it("does not send while an input method is composing", async ({ aiko, ben }) => {
  await aiko.field.fill("ひび");
  await aiko.field.dispatchEvent("keydown", { key: "Enter", isComposing: true });
  await aiko.field.dispatchEvent("keydown", { key: "Enter", keyCode: 229 });
  expect(await aiko.field.inputValue()).toBe("ひび");
  await aiko.field.press("Enter");
  await ben.sees("ひび");
  expect(await ben.messages()).toEqual(["ひび"]);
});

it("says when a message is too long, and sends none of it", async ({ aiko, ben }) => {
  await aiko.field.fill("x".repeat(4_001));
  await aiko.field.press("Enter");
  await aiko.page.getByRole("alert").getByText("at most 4,000 characters").waitFor();
  expect(await aiko.messages()).toEqual([]);
  await aiko.field.press("Backspace");
  await aiko.field.press("Enter");
  await ben.sees("xxx");
});

it("does not count as read what a hidden page received", async ({ aiko, ben }) => {
  await aiko.page.evaluate(() =>
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" }),
  );
  await ben.say("are you there?");
  await aiko.sees("are you there?");
  expect(await aiko.page.title()).toContain("(1)");
  await ben.page.waitForTimeout(1_500);
  expect(await ben.page.getByText("Seen by").count()).toBe(0);
  await aiko.page.evaluate(() => {
    Reflect.deleteProperty(document, "visibilityState");
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await ben.page.getByText("Seen by Aiko").waitFor();
});

it("says that one is offline as soon as the browser knows, and that one is back", async ({
  aiko,
}) => {
  await aiko.page.context().setOffline(true);
  await aiko.status.filter({ hasText: "Offline" }).waitFor();
  expect(await aiko.status.textContent()).not.toContain("Connected");
  await aiko.page.context().setOffline(false);
  await aiko.connected();
});

it("stays the same person after a reload, and keeps what was being written", async ({ aiko }) => {
  await aiko.say("before");
  await aiko.field.fill("half a thou");
  await aiko.page.reload();
  await aiko.connected();
  await aiko.line("before").hover();
  await aiko.line("before").getByRole("button", { name: "Edit" }).waitFor();
  expect(await aiko.field.inputValue()).toBe("half a thou");
});

onStage("lets someone in whose browser keeps nothing for the page", async ({ visit, address }) => {
  const page = await visit("about:blank");
  await page.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException("The operation is insecure.", "SecurityError");
        },
      });
    }
  });
  await page.goto(address);
  await page.getByLabel("Your name").fill("Nobu");
  await page.getByRole("button", { name: "Enter", exact: true }).click();
  await page.getByRole("status").getByText("Connected").waitFor();
  await page.keyboard.type("nothing kept");
  await page.keyboard.press("Enter");
  await page.getByRole("log").getByText("nothing kept").waitFor();
  await page.getByRole("textbox", { name: "Name of another room" }).fill("elsewhere");
  await page.getByRole("button", { name: "Go" }).click();
  await page.getByRole("status").getByText("Connected").waitFor();
});

it("tells who was banned so in words, and does not try to come back", async ({
  ben,
  room,
  ask,
}) => {
  const userId = await ben.page.evaluate(
    () => JSON.parse(localStorage.getItem("hibiki.identity") ?? "{}").userId as string,
  );
  await ask("DELETE", `/v1/rooms/${room}/users/${userId}?ban=60`);
  await ben.page
    .getByRole("alert")
    .getByText(/banned|removed/)
    .waitFor();
  await ben.status.filter({ hasText: "Disconnected" }).waitFor();
  await ben.page.getByRole("button", { name: "Enter again" }).click();
  await ben.page.getByRole("alert").getByText("You are banned from this room.").waitFor();
});

it("moves between rooms by name, by link and by the back button", async ({ aiko, room }) => {
  const page = aiko.page;
  await page.getByRole("textbox", { name: "Name of another room" }).fill(`${room}-b`);
  await page.getByRole("button", { name: "Go" }).click();
  await page.getByRole("heading", { level: 1, name: `${room}-b` }).waitFor();
  await aiko.connected();
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: room, exact: true }).waitFor();
  await page.getByRole("link", { name: `${room}-b` }).click();
  await aiko.connected();
  expect(new URL(page.url()).pathname).toBe(`/rooms/${room}-b`);
});
