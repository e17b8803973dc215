import type { LastValue } from "../protocol/server-frame.ts";
import type { LastFrame } from "./frame-reader.ts";
import { field } from "./frame-shape.ts";
import { isSameValue } from "./last-value.ts";
import type { PolledKind } from "./polled-kind.ts";
import { poll } from "./polling.ts";

/** A topic tells the newest value of each event, with every page: what was missed between two polls too. */
export const POLLED_TOPIC: PolledKind = {
  begin: async (reading) => {
    const { cursor, last = {} } = await poll(reading, undefined, 0);
    return { cursor, fields: { history: [], last } };
  },
  resume: async (reading, { cursor, last: told }) => {
    const last = told ?? (await poll(reading, undefined, 0)).last ?? {};
    return { cursor, fields: { history: [], last } };
  },
  news: ({ last }, lastBefore) => {
    const changed = changesOf(valuesIn(lastBefore), valuesIn(last));
    return last === undefined || changed.size === 0 ? [] : [{ type: "last", changed }];
  },
};

function valuesIn(last: unknown): ReadonlyMap<string, LastValue> {
  const entries = typeof last === "object" && last !== null ? Object.entries(last) : [];
  return new Map(entries.filter((entry): entry is [string, LastValue] => isValue(entry[1])));
}

function isValue(value: unknown): value is LastValue {
  return field(value, "data") !== undefined && typeof field(value, "timestamp") === "string";
}

function changesOf(
  before: ReadonlyMap<string, LastValue>,
  now: ReadonlyMap<string, LastValue>,
): LastFrame["changed"] {
  const names = new Set([...before.keys(), ...now.keys()]);
  const changed = [...names].filter((name) => !isSameValue(before.get(name), now.get(name)));
  return new Map(changed.map((name) => [name, now.get(name)]));
}
