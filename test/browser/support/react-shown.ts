/** What each component has shown, in order, by its label. */
export const shown: Record<string, string[]> = {};

export function show(label: string, text: string): void {
  const before = shown[label] ?? [];
  if (before.at(-1) !== text) shown[label] = [...before, text];
}

/** How often something has happened, by its label. */
export const counts: Record<string, number> = {};

export function count(label: string): void {
  counts[label] = (counts[label] ?? 0) + 1;
}
