import type { ServerFrameOf, User } from "../../../client/index.ts";
import { type Entry, isDeleted } from "./entry.ts";

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
