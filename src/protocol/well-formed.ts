const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Whether text is well-formed Unicode: a lone surrogate has no UTF-8, so a reader of MessagePack
 * would see something else than a reader of JSON. `String.prototype.isWellFormed` is not in every
 * browser that the SDK runs in, and faster where it is.
 */
export function isWellFormed(text: string): boolean {
  return typeof text.isWellFormed === "function" ? text.isWellFormed() : !LONE_SURROGATE.test(text);
}
