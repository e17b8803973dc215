import type { Page } from "playwright-core";

/** What a page complains about, as it does: must stay empty. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // A server that is down is reported by the browser itself, and is what some tests are about.
    const isNetwork = /WebSocket|Failed to load resource/.test(message.text());
    if (message.type() === "error" && !isNetwork) complaints.push(message.text());
  });
  return complaints;
}
