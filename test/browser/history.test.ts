import { build } from "esbuild";
import { expect } from "vitest";
import { it as onStage } from "./support/stage.ts";

type Write = (content: string, more?: object) => Promise<void>;

/** Tests in a room that has a past. */
const it = onStage.extend<{
  readonly write: Write;
  readonly fill: (count: number) => Promise<void>;
}>({
  write: async ({ ask, room }, use) =>
    use(async (content, more) => {
      const body = { content, messageId: crypto.randomUUID(), ...more };
      await ask("POST", `/v1/rooms/${room}/messages?as=archivist`, body);
    }),
  fill: async ({ write }, use) =>
    use(async (count) => {
      for (let i = 1; i <= count; i++) await write(`entry ${i}`);
    }),
});

it("loads older messages on the way up, by button too, and keeps the reader's place", async ({
  fill,
  enter,
}) => {
  await fill(130);
  const reader = await enter("Rei");
  await reader.sees("entry 130");
  expect((await reader.messages())[0]).toBe("entry 81");

  await reader.page.getByRole("button", { name: "Show older messages" }).focus();
  const kept = reader.line("entry 81");
  const before = await kept.boundingBox();
  await reader.page.keyboard.press("Enter");
  await reader.sees("entry 31");
  const after = await kept.boundingBox();
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(3);

  await reader.page.getByRole("log").hover();
  for (let i = 0; i < 30 && (await reader.line("entry 1").count()) === 0; i++) {
    await reader.page.mouse.wheel(0, -2_000);
    await reader.page.waitForTimeout(50);
  }
  await reader.sees("entry 1");
  expect(await reader.messages()).toEqual(Array.from({ length: 130 }, (_, i) => `entry ${i + 1}`));
});

it("does not move who reads further up, tells how much is new, and counts it as read at the end", async ({
  fill,
  enter,
}) => {
  await fill(60);
  const [reader, writer] = await Promise.all([enter("Rei"), enter("Sho")]);
  await reader.sees("entry 60");
  await reader.line("entry 30").scrollIntoViewIfNeeded();
  const before = await reader.line("entry 30").boundingBox();
  await writer.say("news");
  await reader.page.getByRole("button", { name: "1 new message" }).waitFor();
  expect((await reader.line("entry 30").boundingBox())?.y).toBe(before?.y);
  await writer.page.waitForTimeout(1_500);
  expect(await writer.line("news").getByText("Seen by").count()).toBe(0);

  await reader.page.getByRole("button", { name: "1 new message" }).click();
  await writer.line("news").getByText("Seen by Rei").waitFor();
});

it("keeps what one scrolls to though lines change before the picture that tells of it", async ({
  browser,
}) => {
  const script = await build({
    stdin: {
      contents: `export { LogScroll } from "./src/web/chat/log-scroll.ts"`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "log",
  });
  const page = await browser.newPage();
  const lines = Array.from({ length: 60 }, (_, i) => `<li data-seq="${i + 1}">entry ${i + 1}</li>`);
  await page.setContent(
    `<div style="height: 300px; overflow: auto"><ol>${lines.join("")}</ol></div>`,
  );
  await page.addScriptTag({ content: script.outputFiles[0]?.text ?? "" });
  const seen = await page.evaluate(() => {
    const box = document.querySelector("div") as HTMLElement;
    const list = document.querySelector("ol") as HTMLElement;
    const told: boolean[] = [];
    const { LogScroll } = (
      window as unknown as { log: typeof import("../../src/web/chat/log-scroll.ts") }
    ).log;
    const scroll = new LogScroll(box, list, {
      pinned: (isPinned) => void told.push(isPinned),
      top: () => {},
      seen: () => {},
    });
    scroll.settle();
    const end = box.scrollTop;
    // One line less, in whose place the browser itself moves the log: that is nobody's scrolling.
    list.lastElementChild?.remove();
    scroll.settle();
    const atEnd = box.scrollHeight - box.clientHeight - box.scrollTop;
    box.scrollTop = 200;
    list.insertAdjacentHTML("beforeend", `<li data-seq="61">news</li>`);
    scroll.settle();
    return { end, atEnd, place: box.scrollTop, told };
  });
  expect(seen.end).toBeGreaterThan(500);
  expect(seen).toMatchObject({ atEnd: 0, place: 200, told: [false] });
  await page.close();
});

it("finds the original of a reply in history that is not at hand", async ({
  fill,
  write,
  enter,
}) => {
  await fill(120);
  const reader = await enter("Rei");
  await write("about that", { replyTo: 3 });
  await reader.page.getByRole("button", { name: /In reply to an earlier message/ }).click();
  await reader.sees("entry 3");
  await expect
    .poll(() => reader.page.evaluate(() => document.activeElement?.textContent))
    .toContain("entry 3");
});

it("shows what is left of a deleted message in its place, and nobody beside it", async ({
  fill,
  enter,
  ask,
  room,
}) => {
  await fill(60);
  for (const seq of [1, 5]) await ask("DELETE", `/v1/rooms/${room}/messages/${seq}`);
  const reader = await enter("Rei");
  await reader.page.getByRole("button", { name: "Show older messages" }).click();
  const left = reader.line("Message deleted");
  await expect.poll(() => left.count()).toBe(2);
  expect(await left.getByText("Someone").count()).toBe(0);
  expect(await left.locator(".avatar, .byline").count()).toBe(0);
  const lines = await reader.page.locator(".line").allTextContents();
  expect(lines.slice(0, 5).map((line) => line.replace(/^Today/, ""))).toEqual([
    "Message deleted",
    expect.stringMatching(/entry 2$/),
    expect.stringMatching(/entry 3$/),
    expect.stringMatching(/entry 4$/),
    "Message deleted",
  ]);
  expect(await reader.page.getByText("Today", { exact: true }).count()).toBe(1);
});
