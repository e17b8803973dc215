const LONE_SURROGATES = /\p{Surrogate}/gu;

/**
 * The beginning of a text, of at most so many characters, as well-formed Unicode: of a character that
 * was cut in two, U+FFFD is left. `String.prototype.toWellFormed` is not in every browser that the SDK
 * runs in.
 */
export function cutText(text: string, maxChars: number): string {
  return text.slice(0, maxChars).replace(LONE_SURROGATES, "\ufffd");
}
