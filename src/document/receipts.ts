import { ProtocolError, type Refusal } from "../protocol/error.ts";

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: ProtocolError) => void;
}

/** Those who wait for the next flush to be stored. */
export class Receipts {
  #waiters: Waiter[] = [];

  /** Waits for it; throws the refusal that it was not. */
  next(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiters.push({ resolve, reject });
    return promise;
  }

  /** It is stored. */
  arrive(): void {
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }

  /** It never will be. */
  fail(error: Refusal): void {
    for (const { reject } of this.#waiters.splice(0)) reject(ProtocolError.of(error));
  }
}
