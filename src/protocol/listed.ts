/** Names as words: "a", "a or b", "a, b or c". */
export function listed(names: readonly (string | undefined)[], joint: "and" | "or"): string {
  const last = names.at(-1) ?? "nothing";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} ${joint} ${last}`;
}
