import type { ServerFrameOf, User } from "../../../client/index.ts";
import type { Mentionable } from "../text/mention.ts";
import { type Entry, isDeleted } from "./entry.ts";
import type { ChatState } from "./state.ts";

/** Who is writing after one of them started, went on or stopped; the SDK ends it for the silent. */
export function noteTyping(
  typists: readonly User[],
  { userId, name, typing }: ServerFrameOf<"user_typing">["payload"],
): readonly User[] {
  const others = withoutUser(typists, userId);
  return typing ? [...others, { userId, name }] : others;
}

/** The people without one of them. */
export function withoutUser(users: readonly User[], userId: string): readonly User[] {
  return users.some((user) => user.userId === userId)
    ? users.filter((user) => user.userId !== userId)
    : users;
}

/** Names by user id after meeting these people; the latest name counts. */
export function learnNames(
  names: ReadonlyMap<string, string>,
  people: readonly User[],
): ReadonlyMap<string, string> {
  const news = people.filter(({ userId, name }) => names.get(userId) !== name);
  if (news.length === 0) return names;
  const learned = new Map(names);
  for (const { userId, name } of news) learned.set(userId, name);
  return learned;
}

/** Who wrote these entries. */
export function authors(entries: readonly Entry[]): readonly User[] {
  return entries.flatMap((entry) =>
    isDeleted(entry) ? [] : [{ userId: entry.userId, name: entry.userName }],
  );
}

/** A guest's id says nothing to a person: only a team's own ids can stand for a name. */
const GUEST_ID = /^guest-/;

/** Everyone who may be mentioned: those here, and whoever wrote, read, came or went before. */
export function mentionable({
  users,
  names,
  reads,
  me,
}: Pick<ChatState, "users" | "names" | "reads" | "me">): readonly Mentionable[] {
  const here = new Set(users.map(({ userId }) => userId));
  const readers = [...reads.keys()].filter((id) => !names.has(id) && !GUEST_ID.test(id));
  const known = new Map([...readers.map((id) => [id, id] as const), ...names]);
  return [...known]
    .filter(([userId]) => userId !== me)
    .map(([userId, name]) => ({ userId, name, isHere: here.has(userId) }));
}
