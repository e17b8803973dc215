/** An object as it is without what is `undefined` in it. */
type Present<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** A copy of an object without what is `undefined` in it. */
export function present<T extends object>(whole: T): Present<T> {
  const entries = Object.entries(whole).filter(([, value]) => value !== undefined);
  // What is left has the types that it had.
  return Object.fromEntries(entries) as Present<T>;
}
