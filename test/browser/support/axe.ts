import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type axe from "axe-core";
import type { Page } from "playwright-core";

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe calls at least this bad keeps somebody from using the page. */
const BARRIERS: ReadonlySet<string> = new Set(["serious", "critical"]);

/** Barriers that axe finds on a page as it is now: the rule, and where it is broken. */
export async function barriers(page: Page): Promise<readonly string[]> {
  // Evaluated by the browser's debugger, whose scripts the page's own policy does not forbid.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations
    .filter(({ impact }) => BARRIERS.has(impact ?? ""))
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} (${failureSummary})`),
    );
}
