import { describe, expect, it } from "vitest";
import {
  DOCUMENT_PATTERN,
  documentOfPath,
  isReading,
  pathOfDocument,
  readingPath,
} from "../../../../src/web/editor/document-path.ts";

describe("the document that a path names", () => {
  it.each([
    ["/editor", "welcome"],
    ["/editor/", "welcome"],
    ["/editor/plan", "plan"],
    ["/editor/plan/", "plan"],
    ["/editor/team%3Aplan", "team:plan"],
    ["/editor/document:plan", "plan"],
    ["/editor/document:", undefined],
    ["/editor/no%20document", undefined],
    ["/editor/a/b", undefined],
    ["/editor/%E0%A4%A", undefined],
    [`/editor/${"a".repeat(119)}`, "a".repeat(119)],
    [`/editor/${"a".repeat(120)}`, undefined],
    ["/elsewhere", undefined],
  ])("%s: %s", (path, name) => {
    expect(documentOfPath(path)).toBe(name);
  });

  it.each(["plan", "team:plan", "a.b_c~d-e"])("is found again by its own path: %s", (name) => {
    expect(documentOfPath(pathOfDocument(name))).toBe(name);
    expect(new RegExp(`^${DOCUMENT_PATTERN}$`, "v").test(name)).toBe(true);
    const { pathname, search } = new URL(readingPath(name), "https://edge.test");
    expect([documentOfPath(pathname), isReading(search), isReading("")]).toEqual([
      name,
      true,
      false,
    ]);
  });
});
