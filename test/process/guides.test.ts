import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { removeFolder } from "../support/machine/folder.ts";
import { keep } from "../support/machine/keeper.ts";

const GUIDES = "src/web/docs/guides";
// Inside the package, so that `hibiki` is this one.
const FOLDER = ".wrangler/guides";
/** What other libraries' code is shown beside ours for comparison: it needs those libraries. */
const OTHERS = "before.ts";

beforeAll(() => {
  keep({ kind: "folder", folder: FOLDER });
});
afterAll(() => removeFolder(FOLDER));

/** Every file that a guide shows, by its path: a block whose first line is a comment that names it. */
function filesOf(guide: string): readonly (readonly [path: string, text: string])[] {
  const blocks = readFileSync(join(GUIDES, guide), "utf8").matchAll(
    /```tsx?\n(\/\/ (\S+\.tsx?)\n[\s\S]+?)```/g,
  );
  return [...blocks]
    .map(([, text = "", path = ""]) => [path, text] as const)
    .filter(([path]) => path !== OTHERS);
}

it("shows code that compiles under the strictest rules, file by file as a reader puts it down", async () => {
  const shared = filesOf("kind.md");
  for (const guide of readdirSync(GUIDES)) {
    const project = join(FOLDER, guide.replace(".md", ""));
    // What a guide builds on is the kind of the first one.
    for (const [path, text] of [...shared, ...filesOf(guide)]) {
      const file = join(project, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
  const config = {
    compilerOptions: {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      module: "preserve",
      target: "es2022",
      lib: ["es2023", "dom", "dom.iterable"],
      jsx: "react-jsx",
      types: ["@cloudflare/workers-types"],
    },
    include: ["**/*"],
  };
  writeFileSync(join(FOLDER, "tsconfig.json"), JSON.stringify(config));
  const checked = promisify(execFile)("node_modules/.bin/tsc", ["-p", FOLDER]).catch(
    ({ stdout }: { readonly stdout: string }) => Promise.reject(new Error(stdout)),
  );
  await expect(checked).resolves.toBeDefined();
});
