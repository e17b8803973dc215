import { isolated, listNames } from "./shown-name.ts";

/** More names than these are not read out. */
const NAMED = 3;

/** Somebody who comes and goes. */
interface Somebody {
  readonly id: string | number;
  readonly name: string;
}

/** Who has come and gone between two moments, in words; empty when nobody has. */
export function comingWords(before: readonly Somebody[], now: readonly Somebody[]): string {
  const came = now.filter(({ id }) => !before.some((one) => one.id === id));
  const left = before.filter(({ id }) => !now.some((one) => one.id === id));
  return [
    ...(came.length > 0 ? [`${namesOf(came)} came.`] : []),
    ...(left.length > 0 ? [`${namesOf(left)} left.`] : []),
  ].join(" ");
}

function namesOf(people: readonly Somebody[]): string {
  return people.length > NAMED
    ? `${people.length} people`
    : listNames(people.map(({ name }) => isolated(name)));
}
