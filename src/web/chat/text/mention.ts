import type { User } from "../../../client/index.ts";
import { mentionPattern } from "./mention-pattern.ts";

/** Someone who may be meant by a mention. */
export interface Mentionable extends User {
  /** Whether they are in the room now. */
  readonly isHere: boolean;
}

/** A mention that is being typed: the text between its `@` and the caret. */
export interface MentionQuery {
  /** Where the `@` is. */
  readonly start: number;
  readonly text: string;
}

const QUERY = /(?:^|[\s(])@([^\s@]{0,40})$/u;
/** More would not fit on a phone, and whoever has more matches types on. */
const SUGGESTIONS = 6;
/** The most people that one message may mention. */
const MENTIONS = 20;

/** The mention being typed right before the caret, if there is one. */
export function mentionQuery(text: string, caret: number): MentionQuery | undefined {
  const query = QUERY.exec(text.slice(0, caret))?.[1];
  return query === undefined ? undefined : { start: caret - query.length - 1, text: query };
}

/** Who the query may mean: those present first, and names that begin with it before the rest. */
export function suggest(
  query: MentionQuery,
  people: readonly Mentionable[],
): readonly Mentionable[] {
  const wanted = query.text.toLocaleLowerCase();
  const matching = people.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  const begins = ({ name }: User) => name.toLocaleLowerCase().startsWith(wanted);
  return matching
    .sort(
      (a, b) =>
        Number(b.isHere) - Number(a.isHere) ||
        Number(begins(b)) - Number(begins(a)) ||
        a.name.localeCompare(b.name),
    )
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

/**
 * Ids of the people whose `@name` is in the text. Of several with one name those are meant that were
 * picked from the list, else those who are here, else all of them.
 */
export function mentionedIds(
  text: string,
  people: readonly Mentionable[],
  picked: readonly User[],
): readonly string[] {
  const mention = mentionPattern([...people, ...picked].map(({ name }) => name));
  if (mention === undefined) return [];
  const named = new Set([...text.matchAll(mention)].map(([, name = ""]) => name));
  const ids = [...named].flatMap((name) => meantBy(name, people, picked));
  return [...new Set(ids)].slice(0, MENTIONS);
}

function meantBy(
  name: string,
  people: readonly Mentionable[],
  picked: readonly User[],
): readonly string[] {
  const named = people.filter((one) => one.name === name);
  const choices = [picked.filter((one) => one.name === name), named.filter((one) => one.isHere)];
  return (choices.find(({ length }) => length > 0) ?? named).map(({ userId }) => userId);
}
