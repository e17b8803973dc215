import { describe, expect, it } from "vitest";
import { DOCUMENTS } from "../../../../src/web/editor/documents.ts";
import { ARENAS } from "../../../../src/web/game/arenas.ts";
import { emptyStorage } from "../support/storage.ts";

describe.each([
  { places: ARENAS, page: "/game", first: "arena", prefix: "game:", chars: 123, less: "watch" },
  {
    places: DOCUMENTS,
    page: "/editor",
    first: "welcome",
    prefix: "document:",
    chars: 119,
    less: "read",
  },
])("a place that a path of $page names", ({ places, page, first, prefix, chars, less }) => {
  it.each([
    ["", first],
    ["/", first],
    ["//", undefined],
    ["/plan", "plan"],
    ["/plan/", "plan"],
    ["/team%3Aplan", "team:plan"],
    [`/${prefix}plan`, "plan"],
    [`/${prefix}`, undefined],
    ["/..", undefined],
    ["/no%20name", undefined],
    ["/a/b", undefined],
    ["/%E0%A4%A", undefined],
    [`/${"a".repeat(chars)}`, "a".repeat(chars)],
    [`/${"a".repeat(chars + 1)}`, undefined],
    ["-elsewhere", undefined],
  ])("%s: %s", (rest, name) => {
    expect(places.ofPath(page + rest)).toBe(name);
  });

  it.each(["plan", "team:plan", "a.b_c~d-e"])("is found again by its own path: %s", (name) => {
    expect(places.ofPath(places.pathOf(name))).toBe(name);
    expect(new RegExp(`^${places.pattern}$`, "v").test(name)).toBe(true);
    const { pathname, search } = new URL(places.lessPathOf(name), "https://edge.test");
    expect(places.ofPath(pathname)).toBe(name);
    expect([search, places.isLess(search), places.isLess("")]).toEqual([`?${less}`, true, false]);
    expect(places.roomOf(name)).toBe(prefix + name);
  });

  it("is remembered on this device, beside the first one", () => {
    const storage = emptyStorage();
    places.remember(storage, "plan");
    expect(places.recent(storage, "duel")).toEqual(["duel", "plan", first].sort());
  });
});
