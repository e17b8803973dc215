/**
 * What Yjs says to developers, in place of `lib0/logging` (wrangler.toml, `alias`): that one brings the
 * colours, the DOM and the schemas of a browser's console, 3 KiB of what is deployed. Yjs uses these
 * names alone (yjs 13.6.33, src/utils).
 */
export const print = (...words: readonly unknown[]): void => console.log(...words);

/** As {@link print}, of what somebody should mend. */
export const warn = (...words: readonly unknown[]): void => console.warn(...words);

// Colours of a console that has none.
export const ORANGE = "";
export const BOLD = "";
export const UNBOLD = "";
export const RED = "";
