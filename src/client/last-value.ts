import type { LastValue } from "../protocol/server-frame.ts";

/** Whether two values of an event are one and the same publication. */
export function isSameValue(one: LastValue | undefined, other: LastValue | undefined): boolean {
  return textOf(one) === textOf(other);
}

function textOf(value: LastValue | undefined): string {
  return JSON.stringify([value?.timestamp, value?.data]);
}
