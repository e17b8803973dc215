/** How somebody stands in the game. */
export interface Standing {
  readonly id: number;
  readonly userId: string;
  readonly name: string;
  readonly score: number;
}

/** A player as the SDK hands it out, of which all but the standing changes with each frame. */
interface Scorer extends Omit<Standing, "score"> {
  readonly state: { readonly score: number };
}

/** How all stand, the most first; those of one score by their names. */
export function standingsOf(players: readonly Scorer[]): readonly Standing[] {
  return players
    .map(({ id, userId, name, state: { score } }) => ({ id, userId, name, score }))
    .sort((a, b) => b.score - a.score || a.name.localeCompare(b.name) || a.id - b.id);
}

/** Whether nothing has changed between two moments. */
export function areSame(before: readonly Standing[], now: readonly Standing[]): boolean {
  return (
    before.length === now.length &&
    now.every(({ id, userId, name, score }, i) => {
      const was = before[i];
      return was?.id === id && was.userId === userId && was.name === name && was.score === score;
    })
  );
}

/** How many of those who are connected have no player. */
export function watchersOf(
  users: readonly { readonly userId: string }[],
  standings: readonly Standing[],
): number {
  const playing = new Set(standings.map(({ userId }) => userId));
  return users.filter(({ userId }) => !playing.has(userId)).length;
}
