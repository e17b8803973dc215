import { DurableObject } from "cloudflare:workers";
import { COUNTED, type ObjectCounts } from "./object-counts.ts";

type Key = keyof ObjectCounts;
type Method = (this: object, ...args: unknown[]) => unknown;

/** What the platform calls; every other method is called by RPC. */
const HANDLERS: Readonly<Record<string, Key>> = {
  fetch: "fetched",
  webSocketMessage: "messages",
  webSocketClose: "closes",
  webSocketError: "errors",
  alarm: "alarms",
};

/** Counts the objects of one class from outside: the product itself has no counter for this. */
export class ObjectCounter {
  readonly #counts = Object.fromEntries(COUNTED.map((key) => [key, 0])) as Record<Key, number>;
  /** Constructed, and nothing called yet. */
  readonly #fresh = new WeakSet<object>();

  /** Everything so far. */
  get counts(): ObjectCounts {
    return this.#counts;
  }

  /** Counts an object that was made. */
  constructed(object: object): void {
    this.#counts.constructed += 1;
    this.#fresh.add(object);
  }

  /** Counts what the methods are called for that instances of `target` have, inherited ones too. */
  methods(target: object): void {
    for (const prototype of linesAbove(target)) {
      for (const name of Object.getOwnPropertyNames(prototype)) {
        // Getters are none of what others call, and need an instance.
        const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
        if (name === "constructor" || typeof method !== "function") continue;
        const value = this.#counted(HANDLERS[name] ?? "called", method as Method);
        Object.defineProperty(target, name, { value, configurable: true });
      }
    }
  }

  /** Counts rows and alarms. An object's own constructor may use them, so it comes after this. */
  storage(storage: DurableObjectStorage): void {
    const counts = this.#counts;
    const exec = storage.sql.exec.bind(storage.sql);
    const countedExec = (query: string, ...bindings: readonly SqlStorageValue[]) => {
      const cursor = exec(query, ...bindings);
      // What is to be read has been read by then: nothing waits with a cursor in its hand.
      queueMicrotask(() => {
        counts.rowsRead += cursor.rowsRead;
        counts.rowsWritten += cursor.rowsWritten;
      });
      return cursor;
    };
    Object.defineProperty(storage.sql, "exec", { value: countedExec });
    const setAlarm = storage.setAlarm.bind(storage);
    const countedSetAlarm = (at: number | Date) => {
      counts.alarmsSet += 1;
      return setAlarm(at);
    };
    Object.defineProperty(storage, "setAlarm", { value: countedSetAlarm });
  }

  #counted(key: Key, method: Method): Method {
    const counts = this.#counts;
    const fresh = this.#fresh;
    return function (...args) {
      counts[key] += 1;
      if (fresh.delete(this) && key === "alarms") counts.constructedByAlarm += 1;
      const result = method.apply(this, args);
      if (!(result instanceof Promise)) return result;
      const from = Date.now();
      return result.finally(() => {
        counts.waitedMs += Date.now() - from;
      });
    };
  }
}

/** What a class's prototype inherits from, below the platform's own, the farthest first. */
function linesAbove(prototype: object): readonly object[] {
  const next: unknown = Object.getPrototypeOf(prototype);
  const isOurs = typeof next === "object" && next !== null && next !== DurableObject.prototype;
  return isOurs ? [...linesAbove(next), next] : [];
}
