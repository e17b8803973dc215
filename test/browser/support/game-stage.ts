import type { BrowserContextOptions } from "playwright-core";
import { expect } from "vitest";
import { Player } from "./player.ts";
import { comingTo, it as onStage } from "./stage.ts";

/** Tests with an arena of their own. */
export const it = onStage.extend<{
  /** Where this test's arena is. */
  readonly place: string;
  /** Someone comes to this test's arena as a guest; their page must not complain. */
  readonly come: (name: string, options?: BrowserContextOptions) => Promise<Player>;
  /** Someone comes who only watches. */
  readonly watch: (name: string) => Promise<Player>;
}>({
  place: async ({ server, room }, use) => use(`${server.url}/game/${room}`),
  come: async ({ browser, server, place }, use) => {
    const players: Player[] = [];
    await use(async (name, options) => {
      const enter = () => Player.enter(browser, place, name, options);
      const player = await comingTo(server, enter);
      players.push(player);
      await player.sees(name);
      return player;
    });
    await Promise.all(players.map((player) => player.leave()));
    expect(players.flatMap(({ complaints }) => complaints)).toEqual([]);
  },
  watch: async ({ browser, server, place }, use) => {
    const watchers: Player[] = [];
    await use(async (name) => {
      const enter = () => Player.enter(browser, `${place}?watch`, name);
      const watcher = await comingTo(server, enter);
      watchers.push(watcher);
      return watcher;
    });
    await Promise.all(watchers.map((watcher) => watcher.leave()));
    expect(watchers.flatMap(({ complaints }) => complaints)).toEqual([]);
  },
});
