import { BOUNDS } from "../protocol/limits.ts";

/** Tells an inbox which notifications were read, by name, and again what may have been lost. */
export class IdMarker {
  readonly #send: (ids: readonly number[]) => boolean;
  readonly #waiting = new Set<number>();
  readonly #sent = new Set<number>();

  /** @param send hands some over, or says that it could not. */
  constructor(send: (ids: readonly number[]) => boolean) {
    this.#send = send;
  }

  /** These were read. */
  mark(ids: readonly number[]): void {
    for (const id of ids) if (!this.#sent.has(id)) this.#waiting.add(id);
    this.flush();
  }

  /** The server has these. */
  confirm(isMeant: (id: number) => boolean): void {
    for (const marked of [this.#waiting, this.#sent]) {
      for (const id of marked) if (isMeant(id)) marked.delete(id);
    }
  }

  /** A connection is ready: what the last one may have swallowed goes out again. */
  open(): void {
    for (const id of this.#sent) this.#waiting.add(id);
    this.#sent.clear();
    this.flush();
  }

  /** The log began anew, and every `seq` is void. */
  reset(): void {
    this.#waiting.clear();
    this.#sent.clear();
  }

  /** Sends what waits, as much as passes. */
  flush(): void {
    while (this.#waiting.size > 0) {
      const ids = [...this.#waiting].slice(0, BOUNDS.notificationIds);
      if (!this.#send(ids)) return;
      for (const id of ids) {
        this.#waiting.delete(id);
        this.#sent.add(id);
      }
    }
  }
}
