import type { Environment } from "./environment.ts";

/** How long until code is asked for again that could not be had, in milliseconds. */
const REST_MS = 1_000;
/** So much may wait for code that cannot be had: what came first is dropped beyond that. */
const WAITING_MAX = 256;

/** Something whose code comes when it is first used: what is done with it waits until then, in order. */
export class Late<T> {
  readonly #environment: Environment;
  readonly #make: () => Promise<T>;
  #waiting: ((made: T) => void)[] = [];
  #isAsked = false;
  /** `undefined` until its code is there. */
  made: T | undefined;

  /** @param make fetches the code and makes it. */
  constructor(environment: Environment, make: () => Promise<T>) {
    this.#environment = environment;
    this.#make = make;
  }

  /** Does something with it, now or once it is there. */
  use(run: (made: T) => void): void {
    if (this.#waiting.push(run) > WAITING_MAX) this.#waiting.shift();
    this.#go();
  }

  /** As {@link use}, but for nothing while nobody has used it. */
  follow(run: (made: T) => void): void {
    if (this.made !== undefined || this.#waiting.length > 0) this.use(run);
  }

  /** Nothing that waits is to be done any more. */
  drop(): void {
    this.#waiting = [];
  }

  #go(): void {
    const { made } = this;
    if (made !== undefined) for (const run of this.#waiting.splice(0)) run(made);
    if (this.#isAsked || this.#waiting.length === 0) return;
    this.#isAsked = true;
    this.#make().then(
      (fresh) => {
        this.made = fresh;
        this.#go();
      },
      () =>
        this.#environment.after(REST_MS, () => {
          this.#isAsked = false;
          this.#go();
        }),
    );
  }
}
