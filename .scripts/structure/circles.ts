/** One file imports another of ours. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

/** What stands in one folder and leads back to itself: each arrow goes on where the last one led. */
export interface Circle {
  /** The folder in which the circle runs; its steps are names in it. */
  readonly folder: string;
  readonly steps: readonly { readonly name: string; readonly arrow: Arrow }[];
}

/** Names in one folder, and for each the names that it imports, with a file that does so. */
type Level = Map<string, Map<string, Arrow>>;

/**
 * The circles of every folder: between its files, its folders, or both. A circle of files anywhere
 * is one in the folder that holds all of them, so nothing is missed. Of things that are all in
 * circles with each other, the shortest circle is told: mended, the check shows the next.
 */
export function circlesOf(arrows: readonly Arrow[]): Circle[] {
  const circles: Circle[] = [];
  for (const [folder, level] of levelsOf(arrows)) {
    const told = new Set<string>();
    const found = [...level.keys()]
      .map((name) => ({ name, steps: shortestBack(level, name) }))
      .filter(({ steps }) => steps.length > 0)
      .sort((a, b) => a.steps.length - b.steps.length || (a.name < b.name ? -1 : 1));
    for (const { steps } of found) {
      if (steps.some(({ name }) => told.has(name))) continue;
      for (const { name } of steps) told.add(name);
      circles.push({ folder, steps });
    }
  }
  return circles.sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

function levelsOf(arrows: readonly Arrow[]): Map<string, Level> {
  const levels = new Map<string, Level>();
  for (const arrow of arrows) {
    const from = arrow.from.split("/");
    const to = arrow.to.split("/");
    const depth = from.findIndex((name, index) => name !== to[index]);
    const [name, other] = [from[depth], to[depth]];
    if (name === undefined || other === undefined) continue;
    const level = entry(levels, from.slice(0, depth).join("/"), () => new Map());
    entry(
      entry(level, name, () => new Map()),
      other,
      () => arrow,
    );
  }
  return levels;
}

/** The shortest way from a name back to it; none where there is no way. */
function shortestBack(level: Level, start: string): Circle["steps"] {
  const ways = new Map<string, Circle["steps"]>([[start, []]]);
  for (const [name, way] of ways)
    for (const [next, arrow] of level.get(name) ?? []) {
      const longer = [...way, { name, arrow }];
      if (next === start) return longer;
      if (!ways.has(next)) ways.set(next, longer);
    }
  return [];
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}
