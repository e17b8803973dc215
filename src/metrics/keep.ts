/** One value that lasts, replaced as a whole. Every call is synchronous. */
export interface Keep {
  /** What was saved last, as JSON gives it back; `undefined` before the first time. */
  load(): unknown;
  save(value: Readonly<Record<string, unknown>>): void;
}
