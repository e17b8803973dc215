import type { Json } from "../../protocol/json.ts";
import type { PresentUser, User } from "../../protocol/message.ts";

/** Somebody who is here. */
interface Person {
  name: string;
  connections: number;
  shown?: Shown | undefined;
}

/** What a person shows of itself. */
export interface Shown {
  readonly data: Json;
  /** Its size as JSON text. */
  readonly bytes: number;
}

/** Who is here: people, each with one or more connections, and what they show of themselves. */
export class Presence {
  readonly #people = new Map<string, Person>();
  #bytes = 0;

  /** How many are present. */
  get size(): number {
    return this.#people.size;
  }

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
    this.show(userId, undefined);
    this.#people.delete(userId);
    return true;
  }

  has(userId: string): boolean {
    return this.#people.has(userId);
  }

  /** Has a person show something, or nothing any more. */
  show(userId: string, shown: Shown | undefined): void {
    const person = this.#people.get(userId);
    if (person === undefined) return;
    this.#bytes += (shown?.bytes ?? 0) - (person.shown?.bytes ?? 0);
    person.shown = shown;
  }

  /** How many bytes all would show if a person showed so many. */
  bytesWith(userId: string, bytes: number): number {
    return this.#bytes - (this.#people.get(userId)?.shown?.bytes ?? 0) + bytes;
  }

  /** Those present, in the order they came, at most `limit` of them. */
  users(limit: number = Number.POSITIVE_INFINITY): readonly PresentUser[] {
    const users: PresentUser[] = [];
    for (const [userId, { name, shown }] of this.#people) {
      if (users.length >= limit) break;
      users.push({ userId, name, ...(shown === undefined ? {} : { data: shown.data }) });
    }
    return users;
  }
}
