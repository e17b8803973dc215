import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import { foldUpdates } from "./tail.ts";
import { checkUpdate, readItems, type Standing } from "./update.ts";

/**
 * Whether shared types stand within each other deeper than `nestedTypes`. Yjs takes memory with the
 * square of that when it builds a document, and deletes by recursion: some kilobytes of updates, each
 * of them sound, would take all of an object. Parts that are no updates have no levels.
 */
export function nestsTooDeep(parts: readonly Uint8Array[]): boolean {
  const sound = parts.filter((part) => checkUpdate(part).ok);
  let types = 0;
  for (const part of sound)
    readItems(part, (_client, _clock, isType) => {
      if (isType) types++;
    });
  // There are no more levels than types: almost every document is done with here.
  if (types <= YJS_BOUNDS.nestedTypes) return false;
  const levels = new Levels();
  // Folded, each client's items come in order, and once.
  readItems(foldUpdates(sound), (client, clock, _isType, standing, toClient, toClock) => {
    levels.add(client, clock, standing, toClient, toClock);
  });
  return levels.isDeeperThan(YJS_BOUNDS.nestedTypes);
}

/** The items of one client in rising order of where they begin, in arrays: there may be a million. */
interface Items {
  starts: number[];
  standings: Standing[];
  toClients: number[];
  toClocks: number[];
  /** How many types an item stands in; `undefined` when it is not known yet. */
  levels: (number | undefined)[];
}

class Levels {
  readonly #items = new Map<number, Items>();

  add(client: number, clock: number, standing: Standing, toClient: number, toClock: number): void {
    let items = this.#items.get(client);
    if (items === undefined) {
      items = { starts: [], standings: [], toClients: [], toClocks: [], levels: [] };
      this.#items.set(client, items);
    }
    items.starts.push(clock);
    items.standings.push(standing);
    items.toClients.push(toClient);
    items.toClocks.push(toClock);
  }

  isDeeperThan(most: number): boolean {
    for (const items of this.#items.values())
      for (let at = 0; at < items.starts.length; at++)
        if (this.#levelOf(items, at) > most) return true;
    return false;
  }

  /** Follows what an item stands in or beside to where the level is known, and notes it on the way back. */
  #levelOf(items: Items, at: number): number {
    const path: [Items, number][] = [];
    let level: number | undefined;
    let here: [Items, number] | undefined = [items, at];
    while (here !== undefined && level === undefined) {
      const [{ levels, standings, toClients, toClocks }, index]: [Items, number] = here;
      level = levels[index];
      if (level !== undefined) break;
      path.push(here);
      // Items that stand in each other in a circle wait for ever, and have no level.
      levels[index] = 0;
      here =
        standings[index] === "root"
          ? undefined
          : this.#find(toClients[index] ?? 0, toClocks[index] ?? 0);
    }
    let found = level ?? 0;
    for (const [{ levels, standings }, index] of path.reverse()) {
      if (standings[index] === "in") found++;
      levels[index] = found;
    }
    return found;
  }

  #find(client: number, clock: number): [Items, number] | undefined {
    const items = this.#items.get(client);
    if (items === undefined) return undefined;
    let low = 0;
    let high = items.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((items.starts[middle] ?? 0) <= clock) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? undefined : [items, low - 1];
  }
}
