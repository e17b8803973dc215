import { StyleModule } from "style-mod";

/**
 * Has CodeMirror's rules stand in the page's own style sheet. By itself it writes them into a `<style>`
 * element, which the page's policy forbids; a sheet that the policy has let in may be given rules by
 * script (CSP 3 §6.2.13: `insertRule` is not restricted). They come before the page's own rules, which
 * so need not outdo them.
 *
 * @param page whose first style sheet it is. Without one nothing is mounted, as nothing else is styled.
 */
export function mountStylesIn(page: Document): void {
  const [sheet] = page.styleSheets;
  const mounted = new Set<StyleModule>();
  let end = 0;
  StyleModule.mount = (_root, modules) => {
    if (sheet === undefined) return;
    // The later of the modules count more, and what comes later counts more than what there was.
    for (const module of [modules].flat()) {
      if (mounted.has(module)) continue;
      mounted.add(module);
      for (const rule of module.getRules().split("\n")) {
        if (rule !== "") sheet.insertRule(rule, end++);
      }
    }
  };
}
