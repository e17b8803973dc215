import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { removeFolder } from "../support/machine/folder.ts";
import { keep } from "../support/machine/keeper.ts";

const run = promisify(execFile);

const GUIDES = "src/web/docs/guides";
/** What `npx hibiki init` writes, and every guide builds on. */
const TEMPLATE = "src/cli/template";
// Inside the package, so that `hibiki` is this one.
const FOLDER = ".wrangler/guides";
/** What other libraries' code is shown beside ours for comparison: it needs those libraries. */
const OTHERS = "before.ts";

/** Every file that a guide shows, by its path: a block whose first line is a comment that names it. */
function filesOf(guide: string): readonly (readonly [path: string, text: string])[] {
  const blocks = readFileSync(join(GUIDES, guide), "utf8").matchAll(
    /```tsx?\n\/\/ (\S+\.tsx?)\n([\s\S]+?)```/g,
  );
  return [...blocks]
    .map(([, path = "", text = ""]) => [path, text] as const)
    .filter(([path]) => path !== OTHERS);
}

/** Where a reader of a guide has put down its files. */
function projectOf(guide: string): string {
  return join(FOLDER, guide.replace(".md", ""));
}

beforeAll(() => {
  keep({ kind: "folder", folder: FOLDER });
  for (const guide of readdirSync(GUIDES)) {
    cpSync(TEMPLATE, projectOf(guide), { recursive: true });
    for (const [path, text] of filesOf(guide)) {
      const file = join(projectOf(guide), path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
});
afterAll(() => removeFolder(FOLDER));

it("shows in README all of what this repository deploys", () => {
  // But for the description of the frames, which is built with our pages.
  const own = readFileSync("src/index.ts", "utf8")
    .replace(/^import .*built\.ts";\n/m, "")
    .replace('{ assembled } from "./server/assembled.ts"', '{ hibiki } from "hibiki/server"')
    .replace(
      'assembled({ pages: "ASSETS" }, builtAsyncApi("ASSETS"))',
      'hibiki({ pages: "ASSETS" })',
    );
  expect(readFileSync("README.md", "utf8")).toContain(`\`\`\`ts\n${own}\`\`\``);
});

describe("the guides, file by file as a reader puts them down in a project of npx hibiki init", () => {
  it("explain the very files that are there already", () => {
    const shown = new Map(filesOf("kind.md"));
    for (const path of ["shared/poll.ts", "src/polls.ts", "src/worker.ts"]) {
      expect(shown.get(path)).toBe(readFileSync(join(TEMPLATE, path), "utf8"));
    }
  });

  it.each([
    [
      "of the server",
      { types: ["node", "@cloudflare/workers-types"] },
      ["*/*.ts", "*/shared", "*/src", "*/test"],
    ],
    ["of the page", { lib: ["ES2024", "DOM"], types: [], jsx: "react-jsx" }, ["*/web"]],
  ])("show code that compiles under the project's own rules: %s", async (of, options, include) => {
    const { compilerOptions } = JSON.parse(readFileSync(join(TEMPLATE, "tsconfig.json"), "utf8"));
    const path = join(FOLDER, `${of.replaceAll(" ", "-")}.json`);
    writeFileSync(
      path,
      JSON.stringify({ compilerOptions: { ...compilerOptions, ...options }, include }),
    );
    const checked = run("node_modules/.bin/tsc", ["-p", path]).catch(
      ({ stdout }: { readonly stdout: string }) => Promise.reject(new Error(stdout)),
    );
    await expect(checked).resolves.toBeDefined();
  });

  it("show tests that pass", async () => {
    const passed = run(process.execPath, ["--test"], { cwd: projectOf("testing.md") }).catch(
      ({ stdout }: { readonly stdout: string }) => Promise.reject(new Error(stdout)),
    );
    await expect(passed).resolves.toMatchObject({ stdout: expect.stringContaining("pass 3") });
  });
});
