import { shownId, shownName } from "./shown-name.ts";

/** This much of an id tells two people of one name apart, unless it does not. */
const TAIL_CHARS = 4;

/** What is shown beside the names of people who share theirs, by user id: the end of the id. */
export type Tails = ReadonlyMap<string, string>;

/** The tails of all whose name is somebody else's too. */
export function tailsOf(names: ReadonlyMap<string, string>): Tails {
  const byName = new Map<string, string[]>();
  for (const [userId, name] of names) {
    const key = shownName(name).toLocaleLowerCase();
    const namesakes = byName.get(key);
    if (namesakes === undefined) byName.set(key, [userId]);
    else namesakes.push(userId);
  }
  const shared = [...byName.values()].filter(({ length }) => length > 1);
  return new Map(shared.flatMap(tailed));
}

function tailed(userIds: readonly string[]): readonly (readonly [string, string])[] {
  const short = userIds.map((userId) => shownId([...userId].slice(-TAIL_CHARS).join("")));
  const isEnough = new Set(short).size === short.length;
  return userIds.map((userId, i) => [userId, (isEnough ? short[i] : undefined) ?? shownId(userId)]);
}
