import type { Cancel, Environment } from "./environment.ts";

interface Held {
  readonly state: "held";
  /** Milliseconds since the epoch. */
  readonly until: number;
  isDue: boolean;
  readonly cancel: Cancel;
}

type State =
  | { readonly state: "shut" }
  | { readonly state: "open"; wake: Cancel | undefined }
  | Held;

/** Says when an outbox may send: not without a connection, and not just after a refusal. */
export class Gate {
  readonly #environment: Environment;
  readonly #isIdle: () => boolean;
  readonly #passable: () => void;
  #state: State = { state: "shut" };

  /**
   * @param isIdle whether nothing is under way.
   * @param passable called when it is worth another try; it may be shut again by then.
   */
  constructor(environment: Environment, isIdle: () => boolean, passable: () => void) {
    this.#environment = environment;
    this.#isIdle = isIdle;
    this.#passable = passable;
  }

  get isOpen(): boolean {
    this.#release();
    return this.#state.state === "open";
  }

  open(): void {
    this.#enter({ state: "open", wake: undefined });
  }

  shut(): void {
    this.#enter({ state: "shut" });
  }

  /** Lets nothing pass for `delayMs`, and then until all that is under way has been answered. */
  hold(delayMs: number): void {
    const before = this.#state;
    const until = this.#environment.now() + delayMs;
    if (before.state === "shut" || (before.state === "held" && before.until >= until)) return;
    const held: Held = {
      state: "held",
      until,
      isDue: false,
      cancel: this.#environment.after(delayMs, () => {
        held.isDue = true;
        this.#passable();
      }),
    };
    this.#enter(held);
  }

  /** Stays open, but there is no point in trying before `delayMs` from now. */
  retryIn(delayMs: number): void {
    if (this.#state.state !== "open") return;
    this.#state.wake?.();
    this.#state.wake = this.#environment.after(delayMs, this.#passable);
  }

  #release(): void {
    if (this.#state.state === "held" && this.#state.isDue && this.#isIdle()) this.open();
  }

  #enter(state: State): void {
    if (this.#state.state === "held") this.#state.cancel();
    if (this.#state.state === "open") this.#state.wake?.();
    this.#state = state;
  }
}
