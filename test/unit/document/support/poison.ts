/** The letter "a", whose left neighbour is itself: Yjs decodes it, and throws when it is applied. */
export const POISON = Uint8Array.of(1, 1, 77, 0, 0x84, 77, 0, 1, 0x61, 0);
