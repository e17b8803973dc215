import { describe, expect, it } from "vitest";
import {
  ARENA_PATTERN,
  arenaOfPath,
  isWatching,
  pathOfArena,
  watchingPath,
} from "../../../../src/web/game/arena-path.ts";

describe("the arena that a path names", () => {
  it.each([
    ["/game", "arena"],
    ["/game/", "arena"],
    ["/game/duel", "duel"],
    ["/game/duel/", "duel"],
    ["/game/team%3Aduel", "team:duel"],
    ["/game/game:duel", "duel"],
    ["/game/game:", undefined],
    ["/game/no%20arena", undefined],
    ["/game/a/b", undefined],
    ["/game/%E0%A4%A", undefined],
    [`/game/${"a".repeat(123)}`, "a".repeat(123)],
    [`/game/${"a".repeat(124)}`, undefined],
    ["/elsewhere", undefined],
  ])("%s: %s", (path, name) => {
    expect(arenaOfPath(path)).toBe(name);
  });

  it.each(["duel", "team:duel", "a.b_c~d-e"])("is found again by its own path: %s", (name) => {
    expect(arenaOfPath(pathOfArena(name))).toBe(name);
    expect(new RegExp(`^${ARENA_PATTERN}$`, "v").test(name)).toBe(true);
    const { pathname, search } = new URL(watchingPath(name), "https://edge.test");
    expect([arenaOfPath(pathname), isWatching(search), isWatching("")]).toEqual([
      name,
      true,
      false,
    ]);
  });
});
