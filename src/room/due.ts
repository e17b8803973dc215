/** When something must be done next: many things, one alarm, the earliest counts. */
export class Due {
  #at: number | undefined;

  /** Milliseconds since the epoch; `undefined` when nothing will ever be due. */
  get at(): number | undefined {
    return this.#at;
  }

  /** Something is due by `at`, if that is ever. */
  by(at: number | undefined): void {
    if (at === undefined) return;
    this.#at = this.#at === undefined ? at : Math.min(this.#at, at);
  }

  /** Forgets everything: whoever looks now says anew what is due. */
  clear(): void {
    this.#at = undefined;
  }
}
