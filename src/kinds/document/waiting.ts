/**
 * Who has been refused for missing a change, and not been taken since. Whoever has waited longest is
 * decided first: a writer far away would lose every race else.
 */
export class Waiting {
  /** By connection, milliseconds since the epoch. */
  readonly #since = new Map<string, number>();

  since(connectionId: string | undefined): number | undefined {
    return connectionId === undefined ? undefined : this.#since.get(connectionId);
  }

  refused(connectionId: string, now: number): void {
    if (!this.#since.has(connectionId)) this.#since.set(connectionId, now);
  }

  taken(connectionId: string | undefined): void {
    if (connectionId !== undefined) this.#since.delete(connectionId);
  }

  left(connectionId: string): void {
    this.#since.delete(connectionId);
  }
}
