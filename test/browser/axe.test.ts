import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { SECRETS } from "../support/server.ts";
import { barriers } from "./support/axe.ts";
import { Player } from "./support/player.ts";
import { comingTo, it } from "./support/stage.ts";
import { Writer } from "./support/writer.ts";

/** A folder to leave pictures of every state in. */
const pictures = process.env["PICTURES"];

it("sees a barrier where there is one", async ({ visit }) => {
  const page = await visit("/rooms/lobby");
  await page.getByLabel("Your name").waitFor();
  await page.evaluate(() =>
    document.querySelector("main")?.append(document.createElement("button")),
  );
  expect(await barriers(page)).toEqual([expect.stringMatching(/^button-name: /)]);
});

describe.each([
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 1280 },
  { colorScheme: "light", width: 360 },
  { colorScheme: "dark", width: 360 },
] as const)("axe finds no barrier, $colorScheme at $width px,", ({ colorScheme, width }) => {
  const options = { colorScheme, viewport: { width, height: 740 }, locale: "en-GB" } as const;

  /** Looks at a page in a state that has a name. */
  async function look(page: Page, state: string): Promise<void> {
    // Colours fade in and out when the pointer moves.
    await page.waitForTimeout(300);
    if (pictures !== undefined) {
      await page.screenshot({ path: `${pictures}/${state}-${colorScheme}-${width}.png` });
    }
    expect(await barriers(page)).toEqual([]);
    const overflows = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    expect(overflows).toBe(false);
  }

  it("in the chat, from its sign-in to its refusal", async ({ visit, enter, room, ask }) => {
    const signIn = await visit(`/rooms/${room}`, options);
    await signIn.getByLabel("Your name").waitFor();
    await look(signIn, "sign-in");
    await signIn.getByRole("button", { name: "Use a token instead" }).click();
    await signIn.getByText("How to get a token").click();
    await signIn.getByLabel("Your token").fill("no token");
    await signIn.getByRole("button", { name: "Enter", exact: true }).click();
    await signIn.getByRole("alert").getByText("That is not a token.").waitFor();
    await look(signIn, "sign-in-token");

    const dana = await enter("דנה כהן", options);
    await look(dana.page, "chat-empty");
    const ben = await enter("Benjamin Featherstonehaugh-Cholmondeley of Westminster Abbey");
    await ben.say(
      "Look: **bold**, *italic*, `code` and https://example.org/a\n```\nlet a = 1;\n```",
    );
    await dana.sees("italic");
    await dana.say("שלום @Benjamin, מה שלומך? Hello.");
    await ben.sees("שלומך");
    await ben.act("שלום @Benjamin, מה שלומך? Hello.", "Reply");
    await ben.page.keyboard.type("مرحبا، كيف الحال؟ @");
    await ben.page.getByRole("option").first().waitFor();
    await ben.page.keyboard.press("Enter");
    await ben.page.keyboard.press("Enter");
    await dana.sees("مرحبا");
    await dana.page.locator(".line", { hasText: "italic" }).hover();
    await dana.page.getByRole("button", { name: "React" }).click();
    await look(dana.page, "chat-emoji");
    await dana.page.getByRole("button", { name: "heart", exact: true }).click();
    await dana.page.getByRole("button", { name: /^heart, 1/ }).waitFor();
    await look(dana.page, "chat");
    await dana.field.fill("@b");
    await dana.page.getByRole("option").first().waitFor();
    await look(dana.page, "chat-mention");
    await dana.field.fill("");
    await dana.page.getByRole("button", { name: /^Notifications/ }).click();
    await dana.page.getByRole("dialog", { name: "Notifications" }).waitFor();
    await look(dana.page, "chat-bell");
    await dana.page.keyboard.press("Escape");
    if (width < 800) {
      await dana.page.getByRole("button", { name: "Rooms and people" }).click();
      await look(dana.page, "chat-drawer");
      await dana.page.keyboard.press("Escape");
    }
    const own = dana.page.locator(".line", { hasText: "שלומך" }).first();
    await own.hover();
    await own.getByRole("button", { name: "Edit" }).click();
    await look(dana.page, "chat-edit");
    await dana.page.keyboard.press("Escape");
    await own.hover();
    await own.getByRole("button", { name: "Delete" }).click();
    await look(dana.page, "chat-delete");
    await dana.page.getByRole("button", { name: "Keep" }).click();
    const userId = await dana.page.evaluate(
      () => JSON.parse(localStorage.getItem("hibiki.identity") ?? "{}").userId as string,
    );
    await ask("DELETE", `/v1/rooms/${room}/users/${userId}?ban=60`);
    await dana.page
      .getByRole("alert")
      .getByText(/banned|removed/)
      .waitFor();
    await look(dana.page, "chat-refused");
  });

  it("in the editor, from its sign-in to its versions", async ({
    visit,
    browser,
    server,
    room,
    ask,
  }) => {
    const place = `${server.url}/editor/${room}`;
    const signIn = await visit(place, options);
    await signIn.getByLabel("Your name").waitFor();
    await look(signIn, "editor-sign-in");
    const dana = await Writer.enter(browser, place, "דנה כהן", options);
    await dana.saved();
    await look(dana.page, "editor-empty");
    const ben = await Writer.enter(
      browser,
      place,
      "Benjamin Featherstonehaugh-Cholmondeley of Westminster Abbey",
    );
    await ben.write(
      "# Spring\n\nThe *plum* is **out**: `Prunus mume`.\n\n> At last\n\n- one\nשלום",
    );
    await ben.page.keyboard.press("Shift+ArrowLeft");
    await dana.cursorOf("Benjamin").waitFor();
    await dana.write("\nGood");
    await dana.saved();
    await look(dana.page, "editor");
    await dana.page.getByRole("button", { name: "Find", exact: true }).click();
    await dana.page.keyboard.type("o");
    await look(dana.page, "editor-find");
    await dana.page.keyboard.press("Escape");
    await dana.page.getByRole("button", { name: "Read-only link" }).click();
    const link = await dana.page.getByRole("textbox", { name: "Address" }).inputValue();
    await look(dana.page, "editor-link");
    await dana.page.keyboard.press("Escape");
    await dana.page.getByRole("button", { name: "Versions" }).click();
    await dana.page.getByText("None yet.").waitFor();
    await look(dana.page, "editor-versions-none");
    await dana.page.getByLabel("Name of this version").fill("טיוטה");
    await dana.page.getByRole("button", { name: "Keep", exact: true }).click();
    await dana.page.getByRole("button", { name: /^Rename/ }).click();
    await look(dana.page, "editor-versions");
    await dana.page.keyboard.press("Escape");
    await dana.page.getByRole("button", { name: /^Restore/ }).click();
    await look(dana.page, "editor-restore");
    await dana.page.getByRole("button", { name: "Cancel" }).click();
    await dana.page.getByRole("button", { name: "Close versions" }).click();
    if (width < 800) {
      await dana.page.getByRole("button", { name: "Documents and people" }).click();
      await look(dana.page, "editor-drawer");
      await dana.page.keyboard.press("Escape");
    }
    await dana.page.context().setOffline(true);
    await dana.write(" and more");
    await dana.page.getByRole("note").getByText("kept on this device").waitFor();
    await look(dana.page, "editor-offline");
    await dana.page.context().setOffline(false);
    const reader = await visit(link, options);
    await reader.getByLabel("Your name").fill("Rei");
    await reader.keyboard.press("Enter");
    await reader.getByText("this link does not let you write").waitFor();
    await reader.getByText("Prunus").waitFor();
    await look(reader, "editor-reading");
    await dana.connected();
    await ask("DELETE", `/v1/documents/${room}`);
    await dana.page.getByRole("alert").getByText("was deleted").waitFor();
    await look(dana.page, "editor-refused");
    expect([...dana.complaints, ...ben.complaints]).toEqual([]);
    await Promise.all([dana.leave(), ben.leave()]);
  });

  it("in the arena, from its sign-in to its refusal", async ({
    visit,
    browser,
    server,
    room,
    ask,
  }) => {
    const place = `${server.url}/game/${room}`;
    const signIn = await visit(place, options);
    await signIn.getByLabel("Your name").waitFor();
    await look(signIn, "arena-sign-in");
    const come = (name: string, at = place, more: object = options) =>
      comingTo(server, () => Player.enter(browser, at, name, more));
    const dana = await come("דנה כהן");
    await dana.page.getByRole("row").filter({ hasText: "דנה" }).waitFor();
    await look(dana.page, "arena-alone");
    const long = "Benjamin Featherstonehaugh-Cholmondeley of Westminster Abbey";
    const ben = await come(long, place, {});
    await dana.page.getByRole("row").filter({ hasText: "Benjamin" }).waitFor();
    await dana.page.getByRole("radio", { name: "250 ms" }).check();
    await dana.page.getByLabel("Prediction").uncheck();
    await look(dana.page, "arena");
    if (width < 800) {
      await dana.page.getByRole("button", { name: "Arenas and pages" }).click();
      await look(dana.page, "arena-drawer");
      await dana.page.keyboard.press("Escape");
    }
    const rei = await come("Rei", `${place}?watch`);
    await rei.page.getByRole("row").filter({ hasText: "Benjamin" }).waitFor();
    await look(rei.page, "arena-watching");
    const userId = await dana.page.evaluate(
      () => JSON.parse(localStorage.getItem("hibiki.identity") ?? "{}").userId as string,
    );
    await ask("DELETE", `/v1/rooms/game:${room}/users/${userId}?ban=60`);
    await dana.page
      .getByRole("alert")
      .getByText(/banned/)
      .waitFor();
    await look(dana.page, "arena-refused");
    expect([dana, ben, rei].flatMap(({ complaints }) => complaints)).toEqual([]);
    await Promise.all([dana.leave(), ben.leave(), rei.leave()]);
  });

  it("in the dashboard", async ({ visit, room, ask }) => {
    const page = await visit(`/dashboard?topic=${room}`, options);
    await page.getByLabel("Your name").fill("Mio");
    await page.keyboard.press("Enter");
    await page.getByText("Nothing was published here yet.").waitFor();
    await look(page, "dashboard-empty");
    const publish = (data: object) =>
      ask("POST", `/v1/rooms/topic:${room}/publish`, { event: "CPU, %", data, conflate: true });
    await publish({ user: 30, system: 10 });
    await page.getByRole("figure").waitFor();
    await publish({ user: 40, system: 8 });
    await look(page, "dashboard");
  });

  it("in the documentation", async ({ visit }) => {
    const page = await visit("/docs", options);
    await page.getByRole("heading", { level: 1, name: "HTTP API" }).waitFor();
    await page.evaluate(() => {
      for (const example of document.querySelectorAll("details")) example.open = true;
    });
    await look(page, "docs");
  });

  it("in the guides", async ({ visit }) => {
    const page = await visit("/docs/kind", options);
    const guides = page.locator('nav a[href^="/docs/"]');
    const paths = await guides.evaluateAll((links) =>
      links.map((link) => link.getAttribute("href") ?? ""),
    );
    expect(paths.length).toBeGreaterThan(5);
    for (const path of new Set(paths)) {
      await page.goto(new URL(path, page.url()).href);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await look(page, path.replaceAll("/", "-").slice(1));
    }
  });

  it("in operations", async ({ visit }) => {
    const page = await visit("/ops", options);
    await page.getByLabel("The server's API key").fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("not the API key").waitFor();
    await look(page, "ops-key");
    await page.keyboard.type(SECRETS.API_KEY);
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("Live").waitFor();
    await page.locator(".chart canvas").first().waitFor();
    await look(page, "ops");
  });

  it("where there is no page", async ({ visit }) => {
    const page = await visit("/nowhere", options);
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    await look(page, "nowhere");
  });
});
