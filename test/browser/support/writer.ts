import type { Browser, BrowserContextOptions, Locator } from "playwright-core";
import { expect } from "vitest";
import { openWindow, PATIENCE_MS, Visitor } from "./visitor.ts";

/** Someone at a browser of their own, in a document. */
export class Writer extends Visitor {
  /** Opens the page and signs in as a guest. */
  static async enter(
    browser: Browser,
    address: string,
    name: string,
    options?: BrowserContextOptions,
  ): Promise<Writer> {
    const writer = new Writer(await openWindow(browser, options), name);
    await writer.signIn(address);
    return writer;
  }

  /** Waits until the page says that all is saved. */
  async saved(): Promise<void> {
    await this.page.locator(".saving", { hasText: /^Saved$/ }).waitFor();
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
}
