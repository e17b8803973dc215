/** Events by name, each with the arguments that its listeners get. */
export type EventMap<E> = { [K in keyof E]: readonly unknown[] };

/** Called with an event's arguments. */
export type Listener<A extends readonly unknown[]> = (...args: A) => void;

interface Subscription {
  readonly type: PropertyKey;
  readonly listener: Listener<never>;
}

/** Calls listeners in the order they were added. One that throws is reported and stops nothing. */
export class Emitter<E extends EventMap<E>> {
  readonly #subscriptions = new Set<Subscription>();
  readonly #report: (error: unknown) => void;

  /** @param report where the error of a listener goes. */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Adds a listener; the function returned takes it off again. */
  on<K extends keyof E>(type: K, listener: Listener<E[K]>): () => void {
    const added = { type, listener };
    this.#subscriptions.add(added);
    return () => void this.#subscriptions.delete(added);
  }

  /** Calls every listener there is at this moment, but for those that another one takes off. */
  emit<K extends keyof E>(type: K, ...args: E[K]): void {
    for (const one of [...this.#subscriptions]) {
      // Who listens to this type takes what goes with it.
      const listener = one.listener as Listener<E[K]>;
      if (one.type === type && this.#subscriptions.has(one)) this.#call(listener, args);
    }
  }

  /** Forgets every listener: nobody is called any more. */
  clear(): void {
    this.#subscriptions.clear();
  }

  #call<A extends readonly unknown[]>(listener: Listener<A>, args: A): void {
    try {
      const result: unknown = listener(...args);
      // An async listener is welcome too; its failure must not end the process.
      if (result instanceof Promise) result.catch(this.#report);
    } catch (error) {
      this.#report(error);
    }
  }
}
