import { isFailure, type Series } from "../rounds.ts";

/** A server's figures in one column, of the runs that came to an end. */
export function figuresOf({ rounds }: Series, key: string): readonly number[] {
  return rounds.flatMap((round) => figureIn(round, key) ?? []);
}

/** Ratios within the same round, where both came to an end. */
export function ratiosOf(one: Series, base: Series, key: string, baseKey = key): readonly number[] {
  return one.rounds.flatMap((round, index) => {
    const figure = figureIn(round, key);
    const against = figureIn(base.rounds[index], baseKey);
    return figure === undefined || against === undefined ? [] : [figure / against];
  });
}

function figureIn(round: Series["rounds"][number] | undefined, key: string): number | undefined {
  return round === undefined || isFailure(round) ? undefined : round[key];
}
