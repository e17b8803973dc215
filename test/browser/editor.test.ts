import { expect } from "vitest";
import { faintTexts } from "./support/contrast.ts";
import { it } from "./support/document-stage.ts";
import type { Writer } from "./support/writer.ts";

/** Waits until both are shown the same text. */
async function agree(one: Writer, other: Writer): Promise<void> {
  await expect.poll(async () => (await one.content()) === (await other.content())).toBe(true);
}

const lines = (who: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${who} ${i + 1}`);

it("lets two people write at once, each seeing the other's text, name and cursor", async ({
  come,
  stored,
}) => {
  const aiko = await come("Aiko");
  const ben = await come("Ben");
  await aiko.write("Spring in the garden\n");
  await ben.sees("Spring in the garden");
  await Promise.all([
    aiko.write("aaaaaaaaaaaaaaaa", { delay: 20 }),
    ben.write("bbbbbbbbbbbbbbbb", { delay: 20 }),
  ]);
  await Promise.all([aiko.saved(), ben.saved()]);
  await agree(aiko, ben);
  expect(await aiko.content()).toMatch(/^Spring in the garden\n[ab]{32}$/);
  expect(await stored()).toBe(await aiko.content());
  await aiko.cursorOf("Ben").waitFor();
  await ben.cursorOf("Aiko").waitFor();
  await aiko.page.getByRole("region", { name: "People here" }).getByText("Ben").waitFor();
  expect(await faintTexts(aiko.page)).toEqual([]);
  const heard = aiko.page.locator("[aria-live=polite]", { hasText: "left." });
  // Who is here for less than a second and a half is not told of, neither coming nor going.
  await aiko.page.waitForTimeout(2_500);
  await ben.leave();
  await heard.waitFor({ state: "attached" });
  await aiko.cursorOf("Ben").waitFor({ state: "detached" });
});

it("says that all is saved only when the server has it", async ({ come, stored }) => {
  const aiko = await come("Aiko");
  await aiko.saved();
  for (const word of ["one ", "two ", "three "]) {
    await aiko.write(word);
    await aiko.saved();
    const [shown, kept] = [await aiko.content(), await stored()];
    expect(kept).toBe(shown);
  }
});

it("loses nothing when the server is killed while people write", async ({
  server,
  come,
  stored,
}) => {
  const aiko = await come("Aiko");
  const ben = await come("Ben");
  await aiko.write("calm\n");
  await ben.sees("calm");
  const storm = Promise.all([
    aiko.write(lines("aiko", 12).join(" "), { delay: 15 }),
    ben.write(lines("ben", 12).join(" "), { delay: 15 }),
  ]);
  await aiko.page.waitForTimeout(500);
  await server.kill();
  await storm;
  await aiko.page.getByRole("note").getByText("kept on this device").waitFor();
  await server.up();
  await Promise.all([aiko.connected(), ben.connected()]);
  await Promise.all([aiko.saved(), ben.saved()]);
  await agree(aiko, ben);
  expect(await stored()).toBe(await aiko.content());
  const letters = (text: string) => [...text.replaceAll(/\s/g, "")].sort().join("");
  const all = ["calm", ...lines("aiko", 12), ...lines("ben", 12)].join("");
  expect(letters(await aiko.content())).toBe(letters(all));
});

it("merges what both wrote while one was offline", async ({ come, stored }) => {
  const aiko = await come("Aiko");
  const ben = await come("Ben");
  await aiko.write("together\n");
  await ben.sees("together");
  await aiko.saved();
  await aiko.page.context().setOffline(true);
  await aiko.status.filter({ hasText: "Offline" }).waitFor();
  await aiko.write("from the train\n");
  await aiko.page.getByRole("note").getByText("kept on this device").waitFor();
  await ben.write("from the desk\n");
  await ben.saved();
  expect(await ben.content()).not.toContain("train");
  await aiko.page.context().setOffline(false);
  await Promise.all([ben.sees("from the train"), aiko.sees("from the desk")]);
  await aiko.saved();
  await agree(aiko, ben);
  expect(await stored()).toBe(await aiko.content());
  await aiko.page
    .locator("[aria-live=polite]", { hasText: "is saved." })
    .waitFor({ state: "attached" });
});

it("keeps on the device what could not be sent, until the page is opened again", async ({
  server,
  come,
  place,
  stored,
}) => {
  const aiko = await come("Aiko");
  await aiko.write("sent\n");
  await aiko.saved();
  await server.kill();
  await aiko.write("kept");
  await aiko.page.getByRole("note").getByText("kept on this device").waitFor();
  // Closed the very moment after a key, a browser has not written that key's letter down.
  await aiko.page.waitForTimeout(500);
  const context = aiko.page.context();
  await aiko.page.close();
  await server.up();
  const page = await context.newPage();
  await page.goto(place);
  await page.locator(".saving", { hasText: /^Saved$/ }).waitFor();
  expect(await stored()).toBe("sent\nkept");
});

it("gives a link with which one reads, and cannot write", async ({
  come,
  visit,
  server,
  room,
  stored,
}) => {
  const aiko = await come("Aiko");
  await aiko.write("for all to read");
  await aiko.saved();
  await aiko.page.getByRole("button", { name: "Read-only link" }).click();
  const link = await aiko.page.getByRole("textbox", { name: "Address" }).inputValue();
  const page = await visit(link);
  const asked = page.waitForResponse((response) => {
    return (
      response.url().endsWith("/v1/guests") &&
      (response.request().postData() ?? "").includes("rooms")
    );
  });
  await page.getByLabel("Your name").fill("Rei");
  await page.keyboard.press("Enter");
  const narrow: { token: string } = await (await asked).json();
  await page.getByText("this link does not let you write").waitFor();
  const text = page.getByRole("textbox", { name: `Text of ${room}` });
  await text.getByText("for all to read").waitFor();
  await aiko.page.getByRole("region", { name: "People here" }).getByText("Rei").waitFor();
  await text.click();
  await page.keyboard.type("no");
  expect(await text.textContent()).not.toContain("no");
  const refused = await fetch(`${server.url}/v1/documents/${room}/versions`, {
    method: "POST",
    headers: { authorization: `Bearer ${narrow.token}` },
  });
  expect(refused.status).toBe(403);
  expect(await stored()).toBe("for all to read");
  await page.getByRole("button", { name: "Versions" }).click();
  await page.getByRole("heading", { name: "Versions" }).waitFor();
  expect(await page.getByRole("button", { name: "Keep" }).count()).toBe(0);
});

it("keeps a version, renames it, and restores it for all while they write", async ({
  come,
  stored,
}) => {
  const aiko = await come("Aiko");
  const ben = await come("Ben");
  await aiko.write("first thoughts");
  await ben.sees("first thoughts");
  await aiko.page.getByRole("button", { name: "Versions" }).click();
  await aiko.page.getByLabel("Name of this version").fill("Draft");
  await aiko.page.getByRole("button", { name: "Keep", exact: true }).click();
  const panel = aiko.page.getByRole("region", { name: "Versions" });
  const item = panel.getByRole("listitem").filter({ hasText: "Draft" });
  await item.getByText("by you").waitFor();
  await item.getByRole("button", { name: /^Rename/ }).click();
  await panel.getByLabel("Name of the version").fill("Morning");
  await aiko.page.keyboard.press("Enter");
  const renamed = panel.getByRole("listitem").filter({ hasText: "Morning" });
  await renamed.waitFor();
  await ben.text.press("Control+A");
  await ben.page.keyboard.type("second thoughts");
  await aiko.sees("second thoughts");
  await renamed.getByRole("button", { name: /^Restore/ }).click();
  await aiko.page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
  await Promise.all([aiko.sees("first thoughts"), ben.sees("first thoughts")]);
  await panel.getByText("Restored.").waitFor();
  expect(await ben.content()).toBe("first thoughts");
  expect(await stored()).toBe("first thoughts");
  await ben.write(" again");
  await aiko.sees("first thoughts again");
  await aiko.page.keyboard.press("Escape");
  expect(await panel.count()).toBe(0);
  const focused = await aiko.page.evaluate(() => document.activeElement?.id);
  expect(focused).toBe("versions-toggle");
});

it("says that a document was deleted, and does not bring it back", async ({
  come,
  ask,
  room,
  stored,
}) => {
  const aiko = await come("Aiko");
  await aiko.write("to be deleted");
  await aiko.saved();
  await ask("DELETE", `/v1/documents/${room}`);
  await aiko.page.getByRole("alert").getByText("was deleted").waitFor();
  expect(await aiko.content()).toBe("to be deleted");
  await aiko.page.getByRole("button", { name: "Open again" }).click();
  await aiko.connected();
  await aiko.saved();
  expect([await aiko.content(), await stored()]).toEqual(["", ""]);
});
