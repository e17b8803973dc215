import { StyleModule } from "style-mod";
import { expect, it } from "vitest";
import { mountStylesIn } from "../../../../src/web/editor/writing/style-mount.ts";

it("puts each rule into the page's own sheet once, before those of the page, the later the stronger", () => {
  const rules = [".page {}"];
  const sheet = { insertRule: (rule: string, at = 0) => rules.splice(at, 0, rule).length };
  mountStylesIn({ styleSheets: [sheet] } as unknown as Document);
  const weak = new StyleModule({ ".a": { color: "red" }, ".b": { color: "red" } });
  const strong = new StyleModule({ "@media print": { ".a": { color: "blue" } } });
  const page = {} as Document;
  StyleModule.mount(page, [weak, strong]);
  StyleModule.mount(page, [weak, strong]);
  StyleModule.mount(page, new StyleModule({ ".c": { color: "green" } }));
  expect(rules).toEqual([
    ".a {color: red;}",
    ".b {color: red;}",
    "@media print {.a {color: blue;}}",
    ".c {color: green;}",
    ".page {}",
  ]);
});
