import type { User } from "../../protocol/message.ts";

/** Who is here: people, each with one or more connections. */
export class Presence {
  readonly #people = new Map<string, { name: string; connections: number }>();

  /** Counts a connection in; true when it is this person's first. */
  enter({ userId, name }: User): boolean {
    const person = this.#people.get(userId);
    if (person === undefined) {
      this.#people.set(userId, { name, connections: 1 });
      return true;
    }
    person.connections += 1;
    person.name = name;
    return false;
  }

  /** Counts a connection out; true when it was this person's last. */
  exit(userId: string): boolean {
    const person = this.#people.get(userId);
    if (person === undefined) return false;
    person.connections -= 1;
    if (person.connections > 0) return false;
    this.#people.delete(userId);
    return true;
  }

  has(userId: string): boolean {
    return this.#people.has(userId);
  }

  /** Those present, in the order they came, at most `limit` of them. */
  users(limit: number = Number.POSITIVE_INFINITY): readonly User[] {
    const users: User[] = [];
    for (const [userId, { name }] of this.#people) {
      if (users.length >= limit) break;
      users.push({ userId, name });
    }
    return users;
  }
}
