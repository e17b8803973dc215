import type { Browser, BrowserContextOptions, Locator } from "playwright-core";
import { openWindow, Visitor } from "./visitor.ts";

/** Someone at a browser of their own, in a room. */
export class Person extends Visitor {
  /** Opens the page and signs in as a guest. */
  static async enter(
    browser: Browser,
    address: string,
    name: string,
    options?: BrowserContextOptions,
  ): Promise<Person> {
    const person = new Person(await openWindow(browser, options), name);
    await person.signIn(address);
    return person;
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
}
