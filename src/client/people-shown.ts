import { frozen } from "../contract/frozen.ts";
import type { User } from "../protocol/message.ts";

/** Somebody who is here, with what they show of themselves. */
export interface Shown extends User {
  readonly data?: unknown;
}

/** What people have shown of themselves since the greeting told who is here. */
export class PeopleShown {
  readonly #shown = new Map<string, unknown>();
  #from: readonly User[] | undefined;
  #people: readonly Shown[] = [];

  /** People with what they show; the same list as long as nothing is another. */
  of(users: readonly User[]): readonly Shown[] {
    if (this.#from === users) return this.#people;
    this.#from = users;
    this.#people = users.map((user) => this.#with(user));
    return this.#people;
  }

  /** Somebody shows something else; `null` is nothing any more. */
  shows(userId: string, data: unknown): void {
    this.#shown.set(userId, frozen(data));
    this.#from = undefined;
  }

  /** Somebody came, and shows nothing yet, or went. */
  forget(userId: string): void {
    this.#shown.delete(userId);
  }

  /** A greeting has it all. */
  forgetAll(): void {
    this.#shown.clear();
    this.#from = undefined;
  }

  #with(user: User): Shown {
    if (!this.#shown.has(user.userId)) return user;
    const { userId, name } = user;
    const data = this.#shown.get(userId);
    return data === null ? { userId, name } : { userId, name, data };
  }
}
