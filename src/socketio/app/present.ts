/** Only the fields that there are. */
export function present<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  // The same fields, without those that are not there.
  return Object.fromEntries(known) as { [K in keyof T]?: NonNullable<T[K]> };
}
