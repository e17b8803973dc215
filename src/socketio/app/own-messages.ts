/** The newest messages that one connection sent, by their ids: it is not told of them as of another's. */
export class OwnMessages {
  readonly #most: number;
  readonly #ids = new Set<string>();

  /** @param most that are known. */
  constructor(most: number) {
    this.#most = most;
  }

  /** One more. */
  add(messageId: string): void {
    this.#ids.delete(messageId);
    this.#ids.add(messageId);
    if (this.#ids.size <= this.#most) return;
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest);
      break;
    }
  }

  /** Whether it is one of them. */
  has(messageId: string): boolean {
    return this.#ids.has(messageId);
  }
}
