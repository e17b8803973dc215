import type { Json } from "../../../client/index.ts";

/** The numbers of one published value, by the series they belong to. */
export type Reading = ReadonlyMap<string, number>;

/** What the only series of an event is called whose values are plain numbers. */
export const PLAIN = "value";

/** More lines than this in one chart cannot be told apart. */
const SERIES_MAX = 6;

/** The numbers in a published value: itself, or the fields of an object; `undefined` without any. */
export function readingOf(data: Json): Reading | undefined {
  if (typeof data === "number") return new Map([[PLAIN, data]]);
  if (typeof data !== "object" || data === null || Array.isArray(data)) return undefined;
  const numbers = Object.entries(data).filter(
    (field): field is [string, number] => typeof field[1] === "number",
  );
  return numbers.length === 0 ? undefined : new Map(numbers.slice(0, SERIES_MAX));
}
