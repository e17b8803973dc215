import type { User } from "../../../client/index.ts";

/** A mention that is being typed: the text between its `@` and the caret. */
export interface MentionQuery {
  /** Where the `@` is. */
  readonly start: number;
  readonly text: string;
}

const QUERY = /(?:^|[\s(])@([^\s@]{0,40})$/u;
/** More would not fit on a phone, and whoever has more matches types on. */
const SUGGESTIONS = 6;
/** The most people that one message may mention (CONTRACT §5). */
const MENTIONS = 20;

/** The mention being typed right before the caret, if there is one. */
export function mentionQuery(text: string, caret: number): MentionQuery | undefined {
  const query = QUERY.exec(text.slice(0, caret))?.[1];
  return query === undefined ? undefined : { start: caret - query.length - 1, text: query };
}

/** Who the query may mean: names that begin with it first, then those that contain it. */
export function suggest(query: MentionQuery, people: readonly User[]): readonly User[] {
  const wanted = query.text.toLocaleLowerCase();
  const matching = people.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  const begins = ({ name }: User) => name.toLocaleLowerCase().startsWith(wanted);
  return matching
    .toSorted((a, b) => Number(begins(b)) - Number(begins(a)) || a.name.localeCompare(b.name))
    .slice(0, SUGGESTIONS);
}

/** The text with the query replaced by the person's name, and where the caret goes. */
export function completeMention(
  text: string,
  query: MentionQuery,
  user: User,
): { readonly text: string; readonly caret: number } {
  const end = query.start + 1 + query.text.length;
  const completed = `@${user.name} `;
  return {
    text: text.slice(0, query.start) + completed + text.slice(end).replace(/^ /, ""),
    caret: query.start + completed.length,
  };
}

/** Ids of the people whose `@name` is in the text. */
export function mentionedIds(text: string, people: readonly User[]): readonly string[] {
  const ids = new Set<string>();
  let rest = text;
  // Longest first, and taken out: "@Ann Lee" does not mention Ann.
  for (const { userId, name } of people.toSorted((a, b) => b.name.length - a.name.length)) {
    if (!rest.includes(`@${name}`)) continue;
    ids.add(userId);
    // Two people of one name are both meant.
    if (!people.some((other) => other.name === name && !ids.has(other.userId))) {
      rest = rest.replaceAll(`@${name}`, " ");
    }
  }
  return [...ids].slice(0, MENTIONS);
}
