import type { Outgoing } from "../hooks/effect.ts";

/** Of the frames of a flush that go under one name, the newest alone; all others as they are. */
export function newestOfConflated(outgoing: readonly Outgoing[]): readonly Outgoing[] {
  const newest = new Map(
    outgoing.flatMap((item) => (item.conflated === undefined ? [] : [[item.conflated, item]])),
  );
  return newest.size === 0
    ? outgoing
    : outgoing.filter(
        (item) => item.conflated === undefined || newest.get(item.conflated) === item,
      );
}
