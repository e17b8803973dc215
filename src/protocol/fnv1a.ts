const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** FNV-1a over UTF-16 code units: a whole number of 32 bits with a sign, as SQLite stores it in four bytes. */
export function fnv1a(text: string): number {
  let value = BASIS;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), PRIME);
  return value | 0;
}
