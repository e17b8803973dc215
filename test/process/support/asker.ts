import type { Backend } from "./backend.ts";
import type { Books } from "./books.ts";

/** Sends over HTTP, one message after the other, and keeps books. */
export class Asker implements Books {
  readonly userId = "asker";
  readonly operations = new Map<string, string>();
  readonly acked = new Map<string, number>();
  readonly refused = new Map<string, string>();
  readonly seen = new Map<number, string>();
  readonly faults: string[] = [];
  /** How often each answer came: status, code and whether to try again. */
  readonly answers = new Map<string, number>();
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Sends `content` under `key`, for the first time or again; tells whether it is stored. */
  async ask(key: string, content: string): Promise<boolean> {
    const { status, savedId, duplicate, error } = await this.#backend.send(
      this.userId,
      key,
      content,
    );
    this.operations.set(key, content);
    const told = error === undefined ? "" : ` ${error.code}${error.retryable ? " retryable" : ""}`;
    const answer = `${status}${told}`;
    this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
    if (savedId === undefined) {
      this.refused.set(key, answer);
      return false;
    }
    // Whatever was sent has been answered: what is there already was stored under a refusal.
    if (duplicate === true && !this.acked.has(key)) {
      this.faults.push(`${key} was ${this.refused.get(key) ?? "never sent"}, and stored`);
    }
    this.refused.delete(key);
    this.acked.set(key, savedId);
    return true;
  }
}
