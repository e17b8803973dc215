import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { isSourceFile, isStringLiteral, type Node, SyntaxKind } from "typescript/unstable/ast";
import { API } from "typescript/unstable/sync";
import { expect, it } from "vitest";
import { readSource } from "../../../.scripts/structure/source.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const CONFIG = join(ROOT, "test/every-file.json");

/** A project of all sources that resolves nothing, so that only their syntax is read. */
const EVERY_FILE = JSON.stringify({
  compilerOptions: { noLib: true, noResolve: true, types: [], jsx: "preserve", noEmit: true },
  include: ["../src", "."],
});

it("reads the same imports as TypeScript's own parser, in every file of ours", async () => {
  const api = new API({
    cwd: ROOT,
    fs: {
      readFile: (path) => (path === CONFIG ? EVERY_FILE : undefined),
      fileExists: (path) => (path === CONFIG ? true : undefined),
    },
  });
  try {
    const [project] = api.updateSnapshot({ openProjects: [CONFIG] }).getProjects();
    const files = project?.rootFiles ?? [];
    expect(files.length).toBeGreaterThan(700);
    let imports = 0;
    for (const file of files) {
      const parsed = project?.program.getSourceFile(file);
      if (parsed === undefined) throw new Error(`${file} was not parsed`);
      const read = readSource(await readFile(file, "utf8")).imports.map(({ from }) => from);
      expect(read.sort(), relative(ROOT, file)).toEqual(importsOf(parsed).sort());
      imports += read.length;
    }
    expect(imports).toBeGreaterThan(3_000);
  } finally {
    api.close();
  }
});

/** Every `from "…"`, `import "…"` and `import(…)`, of values and types; null where it is no literal. */
function importsOf(file: Node): (string | null)[] {
  const found: (string | null)[] = [];
  const visit = (node: Node): void => {
    if (isStringLiteral(node) && isImport(node.parent)) found.push(node.text);
    if (node.kind === SyntaxKind.CallExpression) {
      const [called, argument] = childrenOf(node);
      if (called?.kind === SyntaxKind.ImportKeyword)
        found.push(argument !== undefined && isStringLiteral(argument) ? argument.text : null);
    }
    node.forEachChild(visit);
  };
  if (isSourceFile(file)) visit(file);
  return found;
}

function isImport({ kind, parent }: Node): boolean {
  return (
    kind === SyntaxKind.ImportDeclaration ||
    kind === SyntaxKind.ExportDeclaration ||
    (kind === SyntaxKind.LiteralType && parent.kind === SyntaxKind.ImportType)
  );
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  node.forEachChild((child) => {
    children.push(child);
  });
  return children;
}
