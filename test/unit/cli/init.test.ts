import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { init } from "../../../src/cli/init.ts";
import { originOf } from "../../../src/cli/origin.ts";
import { projectName } from "../../../src/cli/starter.ts";
import { removeFolder, temporaryFolder } from "../../support/machine/folder.ts";
import { ROOT } from "../../support/machine/paths.ts";

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

describe("npx hibiki init", () => {
  it("writes a project of its folder's name, with secrets of its own, and says what comes next", () => {
    const said: string[] = [];
    const root = join(folder, "My App");
    expect(init(root, (text) => said.push(text))).toBe(0);
    expect(readdirSync(root)).toEqual(expect.arrayContaining([".gitignore", "wrangler.toml"]));
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(manifest).toMatchObject({ name: "my-app", dependencies: { hibiki: `file:${ROOT}` } });
    expect(readFileSync(join(root, "wrangler.toml"), "utf8")).toMatch(/^name = "my-app"/);
    expect(said.join()).toContain("npm install");

    const secrets = join(root, ".dev.vars");
    expect(statSync(secrets).mode & 0o777).toBe(0o600);
    const other = join(folder, "other");
    init(other, () => {});
    const lines = (path: string) => readFileSync(path, "utf8").match(/^AUTH_SECRET=\S{43}$/m)?.[0];
    expect(lines(secrets)).toBeDefined();
    expect(lines(secrets)).not.toBe(lines(join(other, ".dev.vars")));
  });

  it("names no version that is not tested here", () => {
    init(join(folder, "app"), () => {});
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(folder, "app/package.json"), "utf8"),
    );
    const own = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const { hibiki, ...others } = { ...dependencies, ...devDependencies };
    const tested = { ...own.devDependencies, ...own.peerDependencies, ...own.dependencies };
    expect(hibiki).toBe(`file:${ROOT}`);
    for (const [name, version] of Object.entries(others))
      expect([name, tested[name]]).toEqual([name, version]);
  });

  it("writes nothing where something is, but into a repository that was just made", () => {
    writeFileSync(join(folder, "notes.txt"), "mine");
    expect(() => init(folder, () => {})).toThrow("is not empty (notes.txt, for one)");
    expect(readdirSync(folder)).toEqual(["notes.txt"]);
    expect(() => init(join(folder, "notes.txt"), () => {})).toThrow("is a file");
    const repository = join(folder, "repository");
    mkdirSync(join(repository, ".git"), { recursive: true });
    expect(init(repository, () => {})).toBe(0);
  });
});

it.each([
  ["My App", "my-app"],
  ["--x--", "x"],
  ["日本", "hibiki-app"],
  ["a".repeat(80), "a".repeat(54)],
])("calls the project in a folder %j by a name that Cloudflare takes", (name, expected) => {
  expect(projectName(name)).toBe(expected);
});

describe("a new project's Hibiki", () => {
  const installedBy = (resolved: string | undefined, wanted: string | undefined) => {
    const own = join(folder, "node_modules/hibiki");
    mkdirSync(own, { recursive: true });
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ dependencies: { hibiki: wanted } }),
    );
    if (resolved !== undefined) {
      const packages = { "node_modules/hibiki": { version: "0.2.0", resolved } };
      writeFileSync(join(folder, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
    }
    return originOf({ folder: own, version: "0.2.0" });
  };

  it("is the tarball that init came from, wherever the project is", () => {
    expect(installedBy("file:../hibiki-0.2.0.tgz", "../hibiki-0.2.0.tgz")).toBe(
      `file:${join(folder, "..", "hibiki-0.2.0.tgz")}`,
    );
    rmSync(join(folder, "node_modules"), { recursive: true });
    expect(installedBy(undefined, "file:/packs/hibiki-0.2.0.tgz")).toBe(
      "file:/packs/hibiki-0.2.0.tgz",
    );
  });

  it.each([
    ["https://registry.npmjs.org/hibiki/-/hibiki-0.2.0.tgz", "^0.2.0", "0.2.0"],
    ["https://npm.example.com/hibiki/-/hibiki-0.2.0.tgz", "^0.2.0", "0.2.0"],
    [
      "git+ssh://git@github.com/a/hibiki.git#0f0f0f0",
      "github:a/hibiki",
      "git+ssh://git@github.com/a/hibiki.git#0f0f0f0",
    ],
    [
      "https://example.com/hibiki-0.2.0.tgz",
      "https://example.com/hibiki-0.2.0.tgz",
      "https://example.com/hibiki-0.2.0.tgz",
    ],
    [undefined, "^0.2.0", "0.2.0"],
  ])("is of the same source: %s", (resolved, wanted, expected) => {
    expect(installedBy(resolved, wanted)).toBe(expected);
  });
});
