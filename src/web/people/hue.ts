/** Hues that the style sheet `hues.css` has, as other editors than ours are to show them. */
const COLORS = [
  "#b8545a",
  "#a3662d",
  "#7d7614",
  "#3d8550",
  "#1c8286",
  "#3f7bb0",
  "#7268bd",
  "#a35a9e",
] as const;

/** The class of the hue that goes with a name or an id. */
export function hueClass(seed: string): string {
  return `hue-${hueOf(seed)}`;
}

/** The same hue as `#rrggbb`. */
export function hueColor(seed: string): string {
  return COLORS[hueOf(seed)] ?? COLORS[0];
}

function hueOf(seed: string): number {
  let hash = 0;
  for (const char of seed) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash % COLORS.length;
}
