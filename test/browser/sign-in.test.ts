import type { Page } from "playwright-core";
import { expect } from "vitest";
import { stageWith, tokenFor } from "./support/stage.ts";

type Grants = Readonly<Record<string, readonly string[]>>;

/** Tests on a server that lets in nobody without a token, and one of Nao's with these grants. */
const it = stageWith({ GUESTS: "off" }).extend<{
  readonly token: (rooms: Grants, ttlSeconds?: number) => Promise<string>;
}>({
  token: async ({ ask }, use) =>
    use((rooms, ttlSeconds = 600) => tokenFor(ask, { sub: "u-7", name: "Nao", rooms, ttlSeconds })),
});

async function paste(page: Page, text: string): Promise<void> {
  await page.getByLabel("Your token").fill(text);
  await page.keyboard.press("Enter");
}

it("asks for a token where guests are not let in, and says what is wrong with one", async ({
  visit,
  token,
}) => {
  const page = await visit("/rooms/staff");
  await page.getByLabel("Your name").fill("Nao");
  await page.getByRole("button", { name: "Enter", exact: true }).click();
  await page.getByRole("alert").getByText("does not let guests in").waitFor();
  await paste(page, "not-a-token");
  await page.getByRole("alert").getByText("That is not a token.").waitFor();
  const short = await token({ "*": ["read", "write"] }, 1);
  await page.waitForTimeout(1_500);
  await paste(page, short);
  await page.getByRole("alert").getByText("That token has ended.").waitFor();
  await paste(page, await token({ staff: ["read", "write"] }));
  await page.getByRole("status").getByText("Connected").waitFor();
  expect(await page.locator(".self").textContent()).toContain("Nao");
});

it("says in words that a room is not open to one, and offers another way in", async ({
  visit,
  token,
}) => {
  const page = await visit("/rooms/vault");
  await page.getByRole("button", { name: "Use a token instead" }).click();
  await paste(page, await token({ staff: ["read"] }));
  await page.getByRole("alert").getByText("You have no access here").waitFor();
  // What is read out at once is the words alone.
  expect(await page.getByRole("alert").getByRole("button").count()).toBe(0);
  await page.getByRole("button", { name: "Sign in as someone else" }).click();
  await page.getByLabel("Your name").waitFor();
});

it("says so when the token ends and none can be had in its place", async ({ visit, token }) => {
  const page = await visit("/rooms/staff");
  await page.getByRole("button", { name: "Use a token instead" }).click();
  await paste(page, await token({ staff: ["read", "write"] }, 4));
  await page.getByRole("alert").getByText("Your sign-in is no longer valid.").waitFor();
});

it("says so when reading is all one may do, and offers nothing that would be refused", async ({
  visit,
  token,
  ask,
}) => {
  await ask("POST", "/v1/rooms/gallery/messages?as=ito", { content: "look", messageId: "l-1" });
  const page = await visit("/rooms/gallery");
  const writer = await token({ gallery: ["read", "write"] });
  await page.getByRole("button", { name: "Use a token instead" }).click();
  await paste(page, writer);
  const line = page.locator(".line").filter({ hasText: "look" });
  await line.hover();
  await line.getByRole("button", { name: "React" }).click();
  await page.getByRole("button", { name: "heart", exact: true }).click();
  await page.getByRole("button", { name: /^heart, 1/ }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();

  await page.getByRole("button", { name: "Use a token instead" }).click();
  await paste(page, await token({ gallery: ["read"] }));
  await page.getByText("You may read here, but not write.").waitFor();
  expect(await page.getByRole("textbox", { name: /^Message #/ }).count()).toBe(0);
  await line.hover();
  expect(await line.getByRole("toolbar").count()).toBe(0);
  await page.getByRole("button", { name: /^heart, 1/, disabled: true }).waitFor();
});

it("offers a moderator to delete what others wrote, but not to edit it", async ({
  visit,
  token,
  ask,
}) => {
  await ask("POST", "/v1/rooms/staff/messages?as=someone", { content: "spam", messageId: "s-1" });
  const page = await visit("/rooms/staff");
  await page.getByRole("button", { name: "Use a token instead" }).click();
  await paste(page, await token({ staff: ["read", "moderate"] }));
  const line = page.locator(".line").filter({ hasText: "spam" });
  await line.hover();
  expect(await line.getByRole("button", { name: "Reply" }).count()).toBe(0);
  await line.getByRole("button", { name: "Delete" }).click();
  expect(await line.getByRole("button", { name: "Edit" }).count()).toBe(0);
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("log").getByText("Message deleted").waitFor();
});

it("says that a name is no room's name", async ({ visit }) => {
  const page = await visit("/rooms/no%20such%20room");
  await page.getByRole("heading", { name: "There is no such room" }).waitFor();
});

it.for([
  ["/rooms/", "There is no such room"],
  ["/rooms/a/b", "There is no such room"],
  ["/nowhere", "There is no such page"],
] as const)(
  "shows a person at %s the way to the lobby",
  async ([path, heading], { visit, server }) => {
    const page = await visit(path);
    await page.getByRole("heading", { name: heading }).waitFor();
    expect(await page.evaluate(statusOfPage)).toBe(404);
    const toProgram = await fetch(`${server.url}${path}`);
    expect([toProgram.status, await toProgram.json()]).toMatchObject([
      404,
      { error: { code: "not_found" } },
    ]);
    await page.getByRole("link", { name: "#lobby" }).click();
    await page.getByRole("heading", { name: "Enter #lobby" }).waitFor();
  },
);

function statusOfPage(): number | undefined {
  const [navigation] = performance.getEntriesByType("navigation");
  return (navigation as PerformanceNavigationTiming).responseStatus;
}
