import type { Page } from "playwright-core";

/** Roles that a person operates, and that must have a name (WCAG 2.2, 4.1.2). */
const OPERATED = new Set([
  "button",
  "link",
  "textbox",
  "listbox",
  "option",
  "toolbar",
  "dialog",
  "log",
  "form",
  "navigation",
  "complementary",
  "region",
]);

/** Roles of the page's controls and landmarks that have no name, by the browser's own computation. */
export async function nameless(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  return nodes.flatMap(({ ignored, role, name }) => {
    const kind = String(role?.value);
    return !ignored && OPERATED.has(kind) && !name?.value ? [kind] : [];
  });
}
