/**
 * Who has been refused for missing a change, and not been taken since. Whoever has waited longest is
 * decided first: a writer far away would lose every race else.
 */
export class Waiting {
  /** By connection, milliseconds since the epoch. */
  readonly #since = new Map<string, number>();
  /** Who waits no longer because of the flush under way, and since when each did. */
  #taken: (readonly [connectionId: string, since: number])[] = [];

  since(connectionId: string | undefined): number | undefined {
    return connectionId === undefined ? undefined : this.#since.get(connectionId);
  }

  refused(connectionId: string, now: number): void {
    if (!this.#since.has(connectionId)) this.#since.set(connectionId, now);
  }

  taken(connectionId: string | undefined): void {
    const since = this.since(connectionId);
    if (connectionId === undefined || since === undefined) return;
    this.#taken.push([connectionId, since]);
    this.#since.delete(connectionId);
  }

  begin(): void {
    this.#taken = [];
  }

  rolledBack(): void {
    for (const [connectionId, since] of this.#taken) this.#since.set(connectionId, since);
  }

  left(connectionId: string): void {
    this.#since.delete(connectionId);
  }
}
