import { hueColor } from "../../people/hue.ts";
import { tailsOf } from "../../people/namesakes.ts";
import { isolated } from "../../people/shown-name.ts";

/** Longer names are cut on the field, where they would lie over each other; the table has all of them. */
const LABEL_CHARS = 18;

/** Somebody in the game, and whose player it is. */
export interface InGame {
  readonly id: number;
  readonly userId: string;
  readonly name: string;
}

/** How a player looks, as long as the same people play. */
export interface Look {
  /** The name, of its own direction. */
  readonly label: string;
  readonly color: string;
}

/**
 * How everybody looks, by the ids of players.
 *
 * @param before who was there before them: whoever has just gone is drawn for a moment yet.
 */
export function looksOf(
  people: readonly InGame[],
  before: readonly InGame[] = [],
): ReadonlyMap<number, Look> {
  const tails = tailsOf(new Map(people.map(({ userId, name }) => [userId, name])));
  return new Map([
    ...(before.length === 0 ? [] : looksOf(before)),
    ...people.map(({ id, userId, name }) => {
      const tail = tails.get(userId);
      const label = isolated(cut(name)) + (tail === undefined ? "" : ` ·${tail}`);
      return [id, { label, color: hueColor(userId) }] as const;
    }),
  ]);
}

function cut(name: string): string {
  const chars = [...name];
  return chars.length > LABEL_CHARS ? `${chars.slice(0, LABEL_CHARS - 1).join("")}…` : name;
}
