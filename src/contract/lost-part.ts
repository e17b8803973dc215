/** What a part that is `undefined` may come of; left out silently it would forbid nothing. */
export const UNDEFINED =
  "is undefined: leave it out, or see to it that what it names is loaded by then (modules that import each other)";

/**
 * Why something of an object of parts would be lost, for only its own and enumerable properties are
 * heeded; `undefined` when nothing is. What is lost would forbid nothing.
 *
 * @param names of parts that it may have.
 */
export function lostPart(parts: unknown, names: readonly string[]): string | undefined {
  if (typeof parts !== "object" || parts === null || Array.isArray(parts)) return "is no object";
  const hidden = names.find((name) => isHidden(parts, name));
  if (hidden !== undefined) {
    return `has ${hidden} inherited, as of a class, or hidden, and it would not be run: it is a plain object`;
  }
  return isPlain(parts) ? undefined : "is of a class: it is a plain object";
}

/** Whether a property would not be found by whoever looks at an object's own. */
function isHidden(parts: object, name: string): boolean {
  const isFound = Object.prototype.propertyIsEnumerable.call(parts, name);
  return !isFound && Reflect.get(parts, name) !== Reflect.get(Object.prototype, name);
}

/** Whether an object is of no class, of whatever realm: a test runner may have one of its own. */
function isPlain(parts: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(parts);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
