/** What a grant is for: a room's name, or the beginning of names and `*` (P2.5). */
export const GRANT_PATTERN = /^(?:[A-Za-z0-9._~:-]{0,128}\*|[A-Za-z0-9._~:-]{1,128})$/;

/** Whether text is a room's name or `prefix*`. */
export function isGrantPattern(text: string): boolean {
  return GRANT_PATTERN.test(text);
}
