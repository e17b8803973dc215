/**
 * A character that leaves ink. Neither does white space (ECMA-262 `\s`), nor a control character,
 * nor what Unicode says to show nothing for (DerivedCoreProperties, Default_Ignorable_Code_Point:
 * zero-width spaces and joiners, fillers, direction marks), nor the empty Braille cell.
 */
const VISIBLE = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether a person would see nothing: text that is empty, or blanks and zero-width characters alone. */
export function isBlank(text: string): boolean {
  return !VISIBLE.test(text);
}
