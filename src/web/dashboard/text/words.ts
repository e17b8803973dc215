import { PLAIN, type Reading } from "../state/reading.ts";

const plain = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });
const large = new Intl.NumberFormat(undefined, {
  notation: "compact",
  maximumSignificantDigits: 4,
});
const LARGE = 1_000_000;

/** A value as short as can be told apart. */
export function valueWords(value: number): string {
  return (Math.abs(value) < LARGE ? plain : large).format(value);
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
