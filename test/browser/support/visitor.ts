import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { complaintsOf } from "./complaints.ts";

/** Longer than any backoff of the SDK's in these tests. */
export const PATIENCE_MS = 45_000;

/** A window of a browser of its own. */
export async function openWindow(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const viewport = { width: 1280, height: 800 };
  const context = await browser.newContext({ viewport, locale: "en-GB", ...options });
  return context.newPage();
}

/** Someone at a browser of their own, at a page of ours. */
export class Visitor {
  readonly page: Page;
  readonly name: string;
  /** What the page complained about, a style that its policy forbids too: must stay empty. */
  readonly complaints: readonly string[];

  constructor(page: Page, name: string) {
    this.page = page;
    this.name = name;
    page.setDefaultTimeout(PATIENCE_MS);
    this.complaints = complaintsOf(page);
  }

  /**
   * Opens a page and signs in as a guest.
   *
   * @param loadedMs a page that asks for nobody's name by then is given up.
   */
  async signIn(address: string, loadedMs = PATIENCE_MS): Promise<void> {
    await this.page.goto(address);
    await this.page.getByLabel("Your name").fill(this.name, { timeout: loadedMs });
    await this.page.getByRole("button", { name: "Enter", exact: true }).click();
    await this.connected();
  }

  /** Waits until the page says it is connected. */
  async connected(): Promise<void> {
    await this.status.filter({ hasText: "Connected" }).waitFor();
  }

  /** The connection, in words. */
  get status(): Locator {
    return this.page.locator(".header").getByRole("status");
  }

  /** Closes the browser's window. */
  async leave(): Promise<void> {
    await this.page.context().close();
  }
}
