import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { complaintsOf } from "./complaints.ts";

/** Longer than any backoff of the SDK's in these tests. */
const PATIENCE_MS = 45_000;

/** Someone at a browser of their own, in a room. */
export class Person {
  readonly page: Page;
  readonly name: string;
  /** What the page complained about: must stay empty. */
  readonly complaints: readonly string[];

  private constructor(page: Page, name: string) {
    this.page = page;
    this.name = name;
    page.setDefaultTimeout(PATIENCE_MS);
    this.complaints = complaintsOf(page);
  }

  /** Opens the page and signs in as a guest. */
  static async enter(
    browser: Browser,
    address: string,
    name: string,
    options: BrowserContextOptions = {},
  ): Promise<Person> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: "en-GB",
      ...options,
    });
    const person = new Person(await context.newPage(), name);
    await person.page.goto(address);
    await person.page.getByLabel("Your name").fill(name);
    await person.page.getByRole("button", { name: "Enter", exact: true }).click();
    await person.connected();
    return person;
  }

  /** Waits until the page says it is connected. */
  async connected(): Promise<void> {
    await this.status.filter({ hasText: "Connected" }).waitFor();
  }

  /** The connection, in words. */
  get status(): Locator {
    return this.page.locator(".header").getByRole("status");
  }

  /** The field that messages are written in. */
  get field(): Locator {
    return this.page.getByRole("textbox", { name: /^Message #/ });
  }

  /** Writes a message and sends it with Enter. */
  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  /** The line of the log with this text. */
  line(text: string): Locator {
    return this.page
      .getByRole("log")
      .locator(".line")
      .filter({ has: this.page.getByText(text, { exact: true }) });
  }

  /** Waits until the log shows this text. */
  async sees(text: string): Promise<void> {
    await this.page.getByRole("log").getByText(text).first().waitFor();
  }

  /** Chooses something to do with the message of this text. */
  async act(text: string, action: string): Promise<void> {
    await this.line(text).hover();
    await this.line(text).getByRole("button", { name: action, exact: true }).click();
  }

  /** The texts of all messages, from top to bottom. */
  messages(): Promise<string[]> {
    return this.page.locator(".line .text").allTextContents();
  }

  /** Whether the page can be scrolled sideways. */
  overflows(): Promise<boolean> {
    return this.page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
  }

  /** Closes the browser's window. */
  async leave(): Promise<void> {
    await this.page.context().close();
  }
}
