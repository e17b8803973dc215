import type { Emitter, EventMap } from "./emitter.ts";

/** Everyone who holds a room: what happens in it is told to each of their emitters. */
export class Audience<E extends EventMap<E>> {
  readonly #emitters = new Set<Emitter<E>>();

  /** Tells this one too, from now on; the function returned ends that. */
  add(emitter: Emitter<E>): () => void {
    this.#emitters.add(emitter);
    return () => this.#emitters.delete(emitter);
  }

  /** Tells everyone there is at this moment, but for those who leave meanwhile. */
  emit<K extends keyof E>(type: K, ...args: E[K]): void {
    for (const emitter of [...this.#emitters]) {
      if (this.#emitters.has(emitter)) emitter.emit(type, ...args);
    }
  }

  /** Forgets everyone: nobody is told anything any more. */
  clear(): void {
    for (const emitter of this.#emitters) emitter.clear();
    this.#emitters.clear();
  }
}
