/** The reactions on offer, with the names that are read out. */
export const EMOJI: readonly (readonly [emoji: string, name: string])[] = [
  ["👍", "thumbs up"],
  ["❤️", "heart"],
  ["😂", "laughing"],
  ["🎉", "party"],
  ["😮", "surprised"],
  ["😢", "sad"],
  ["🙏", "thanks"],
  ["👀", "looking"],
];

const NAMES: ReadonlyMap<string, string> = new Map(EMOJI);

/** How an emoji is read out; one that is not on offer is read as what it is. */
export function emojiName(emoji: string): string {
  return NAMES.get(emoji) ?? emoji;
}
