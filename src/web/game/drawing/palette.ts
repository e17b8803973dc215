/** The colours and the font of the field, as the style sheet has them now: light, dark or forced. */
export interface Palette {
  readonly ground: string;
  readonly lines: string;
  readonly ink: string;
  /** Of one's own ring, and of the stick. */
  readonly accent: string;
  readonly coin: string;
  /** Whether people have no colours of their own: those of the person who looks take their place. */
  readonly isForced: boolean;
  readonly font: string;
}

const FORCED = "(forced-colors: active)";

/**
 * Reads the palette off an element: what is drawn on a canvas is reached by no style sheet, so the sheet
 * gives the canvas itself these colours (`field.css`).
 */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  return {
    ground: style.backgroundColor,
    lines: style.borderTopColor,
    ink: style.color,
    accent: style.outlineColor,
    coin: style.textDecorationColor,
    isForced: matchMedia(FORCED).matches,
    font: style.fontFamily,
  };
}

/** Calls back when the palette may be another one, until the signal is aborted. */
export function onPaletteChange(changed: () => void, signal: AbortSignal): void {
  for (const query of ["(prefers-color-scheme: dark)", FORCED]) {
    matchMedia(query).addEventListener("change", changed, { signal });
  }
}
