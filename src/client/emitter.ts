/** Events by name, each with the arguments that its listeners get. */
export type EventMap<E> = { [K in keyof E]: readonly unknown[] };

/** Called with an event's arguments. */
export type Listener<A extends readonly unknown[]> = (...args: A) => void;

interface Subscription<A extends readonly unknown[]> {
  readonly listener: Listener<A>;
}

/** Calls listeners in the order they were added. One that throws is reported and stops nothing. */
export class Emitter<E extends EventMap<E>> {
  #subscriptions: { [K in keyof E]?: ReadonlySet<Subscription<E[K]>> } = {};
  readonly #report: (error: unknown) => void;

  /** @param report where the error of a listener goes. */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Adds a listener; the function returned takes it off again. */
  on<K extends keyof E>(type: K, listener: Listener<E[K]>): () => void {
    const added: Subscription<E[K]> = { listener };
    this.#subscriptions[type] = new Set([...this.#of(type), added]);
    return () => {
      this.#subscriptions[type] = new Set([...this.#of(type)].filter((one) => one !== added));
    };
  }

  /** Calls every listener there is at this moment, but for those that another one takes off. */
  emit<K extends keyof E>(type: K, ...args: E[K]): void {
    for (const subscription of this.#of(type)) {
      if (this.#of(type).has(subscription)) this.#call(subscription.listener, args);
    }
  }

  /** Forgets every listener: nobody is called any more. */
  clear(): void {
    this.#subscriptions = {};
  }

  #of<K extends keyof E>(type: K): ReadonlySet<Subscription<E[K]>> {
    return this.#subscriptions[type] ?? new Set();
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
