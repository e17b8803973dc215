/** Safari ends a composition before the key that ended it; that key still has this code. */
const COMPOSITION_KEY = 229;

/** Whether a key belongs to an input method that is still composing, and is not for us. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === COMPOSITION_KEY;
}
