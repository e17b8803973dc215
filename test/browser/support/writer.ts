import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { complaintsOf } from "./complaints.ts";

/** Longer than any backoff of the SDK's in these tests. */
const PATIENCE_MS = 45_000;

/** Someone at a browser of their own, in a document. */
export class Writer {
  readonly page: Page;
  /** What the page complained about, a style that its policy forbids too: must stay empty. */
  readonly complaints: readonly string[];

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
    this.complaints = complaintsOf(page);
  }

  /** Opens the page and signs in as a guest. */
  static async enter(
    browser: Browser,
    address: string,
    name: string,
    options: BrowserContextOptions = {},
  ): Promise<Writer> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: "en-GB",
      ...options,
    });
    const writer = new Writer(await context.newPage());
    await writer.page.goto(address);
    await writer.page.getByLabel("Your name").fill(name);
    await writer.page.getByRole("button", { name: "Enter", exact: true }).click();
    await writer.connected();
    return writer;
  }

  /** Waits until the page says it is connected. */
  async connected(): Promise<void> {
    await this.status.filter({ hasText: "Connected" }).waitFor();
  }

  /** Waits until the page says that all is saved. */
  async saved(): Promise<void> {
    await this.page.locator(".saving", { hasText: /^Saved$/ }).waitFor();
  }

  /** The connection, in words. */
  get status(): Locator {
    return this.page.locator(".header").getByRole("status");
  }

  /** Where the text is written. */
  get text(): Locator {
    return this.page.getByRole("textbox", { name: /^Text of / });
  }

  /** Writes at the end of the text. */
  async write(text: string, options: { readonly delay?: number } = {}): Promise<void> {
    await this.text.focus();
    await this.page.keyboard.press("Control+End");
    await this.page.keyboard.type(text, options);
  }

  /** The text as it is shown, without the names of those who are in it. */
  content(): Promise<string> {
    return this.text.evaluate((element) => {
      const copy = element.cloneNode(true) as HTMLElement;
      for (const aside of copy.querySelectorAll(".remote-cursor, .cm-placeholder")) aside.remove();
      return [...copy.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n");
    });
  }

  /** Waits until some text is shown. */
  async sees(text: string): Promise<void> {
    await expect.poll(() => this.content(), { timeout: PATIENCE_MS }).toContain(text);
  }

  /** The cursor of somebody else, by the name on it. */
  cursorOf(name: string): Locator {
    return this.text.locator(".remote-cursor", { hasText: name });
  }

  /** Closes the browser's window. */
  async leave(): Promise<void> {
    await this.page.context().close();
  }
}
