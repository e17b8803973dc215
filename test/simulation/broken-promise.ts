/** A promise of the protocol that the product did not keep. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";

  /** @param promise its number, or what else was to hold. */
  constructor(promise: 1 | 2 | 3 | 4 | 5 | "notices" | "state" | "liveness", what: string) {
    super(`${typeof promise === "number" ? `promise ${promise}` : promise}: ${what}`);
  }
}
