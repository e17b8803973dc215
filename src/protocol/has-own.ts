/**
 * Whether an object has a property of its own: `Object.hasOwn`, which Chrome has from 93 and Firefox
 * from 92 on, for what runs in browsers older than these as well (README, "A client in ten lines").
 */
export function hasOwn(value: object, name: string): boolean {
  return Object.getOwnPropertyDescriptor(value, name) !== undefined;
}
