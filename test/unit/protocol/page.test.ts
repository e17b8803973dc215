import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { protocolTables } from "../../support/protocol-tables.ts";

const ROOT = join(import.meta.dirname, "../../..");
const PAGE = join(ROOT, "src/protocol/PROTOCOL.md");
const GENERATED = /<!-- generated: ([a-z-]+) -->\n[\s\S]*?<!-- end -->/g;
/** A rule where it is made, up to the next one or an empty line. */
const RULE = /^- \*\*(P\d+\.\d+)\*\* ([\s\S]*?)(?=\n- \*\*P|\n\n|\n?$(?![\s\S]))/gm;
const CITED = /\bP\d+\.\d+\b/g;

const page = await readFile(PAGE, "utf8");
const rules = new Map([...page.matchAll(RULE)].map(([, id = "", text = ""]) => [id, text]));

describe("the protocol's page", () => {
  it("tells of frames, codes and limits as the server has them: else run this test with -u", async () => {
    const tables = protocolTables();
    const fresh = page.replaceAll(
      GENERATED,
      (_, name: string) => `<!-- generated: ${name} -->\n${tables[name]}\n<!-- end -->`,
    );
    await expect(fresh).toMatchFileSnapshot(PAGE);
    expect([...page.matchAll(GENERATED)].map(([, name]) => name).sort()).toEqual(
      Object.keys(tables).sort(),
    );
  });

  it("gives each rule a number of its own", () => {
    const made = [...page.matchAll(/^- \*\*(P\d+\.\d+)\*\*/gm)].map(([, id]) => id);
    expect(new Set(made).size).toBe(made.length);
    expect([...rules.keys()]).toEqual(made);
  });

  it("has every rule that code and tests cite, and no comment cites another text", async () => {
    for (const [path, text] of [...(await sources("src")), ...(await sources("test"))]) {
      const unknown = (text.match(CITED) ?? []).filter((id) => !rules.has(id));
      expect(unknown, path).toEqual([]);
      if (path !== "test/unit/protocol/page.test.ts") {
        expect(text.match(/\bCONTRACT(?:\.md)? ?§/g), path).toBeNull();
      }
    }
  });

  it("has a test that cites it for each rule that somebody MUST keep", async () => {
    const cited = new Set<string>();
    for (const [, text] of await sources("test")) {
      for (const id of text.match(CITED) ?? []) cited.add(id);
    }
    const unproved = [...rules].flatMap(([id, text]) =>
      text.includes("MUST") && !cited.has(id) ? [id] : [],
    );
    expect(unproved).toEqual([]);
  });
});

/** Every source file of a folder, by its path below the root. */
async function sources(folder: string): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name));
  const paths = files.map((file) => join(file.parentPath, file.name));
  return Promise.all(
    paths.map(async (path) => [path.slice(ROOT.length + 1), await readFile(path, "utf8")] as const),
  );
}
