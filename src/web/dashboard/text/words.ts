import { PLAIN, type Reading } from "../state/reading.ts";

const plain = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });
const large = new Intl.NumberFormat(undefined, {
  notation: "compact",
  maximumSignificantDigits: 4,
});
const extreme = new Intl.NumberFormat(undefined, {
  notation: "scientific",
  maximumSignificantDigits: 4,
});
const LARGE = 1_000_000;
/** The last short word is for 10^12; and what is nearer to nothing is a row of noughts. */
const HUGE = 1e15;
const TINY = 1e-6;

/** A value as short as can be told apart. */
export function valueWords(value: number): string {
  const size = Math.abs(value);
  if (size >= HUGE || (size < TINY && size > 0)) return extreme.format(value);
  return (size < LARGE ? plain : large).format(value);
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** When a value came, in seconds since the epoch. */
export function momentWords(seconds: number): string {
  return moment.format(seconds * 1_000);
}

/** What a chart shows, for those who do not see it. */
export function chartWords(count: number, span: string, last: Reading): string {
  const values = count === 1 ? "1 value" : `${count} values`;
  const ends = [...last].map(([label, value]) =>
    label === PLAIN ? valueWords(value) : `${label} ${valueWords(value)}`,
  );
  return `${values} in the ${span}; the last is ${ends.join(", ")}`;
}
