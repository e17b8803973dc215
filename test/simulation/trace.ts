import { createHash } from "node:crypto";

const KEPT = 25;

/** Everything that happened in a world, as a fingerprint, and the last of it in words. */
export class Trace {
  readonly #hash = createHash("sha256");
  readonly #now: () => number;
  readonly #last: string[] = [];
  #lines = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get lines(): number {
    return this.#lines;
  }

  /** The newest lines. */
  get last(): readonly string[] {
    return this.#last.slice(-KEPT);
  }

  say(line: string): void {
    const whole = `${new Date(this.#now()).toISOString()} ${line}`;
    this.#hash.update(whole);
    this.#lines += 1;
    this.#last.push(whole);
    if (this.#last.length > KEPT * 4) this.#last.splice(0, KEPT * 3);
  }

  /** The fingerprint of all of it; nothing can be said after. */
  end(): string {
    return this.#hash.digest("hex").slice(0, 16);
  }
}
