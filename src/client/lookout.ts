import type { Cancel, Environment } from "./environment.ts";
import { Link } from "./link.ts";
import type { Visit, Way } from "./transport.ts";

/** How long to wait before looking whether a better transport works again, at first and at most. */
const FIRST_MS = 30_000;
const LONGEST_MS = 600_000;

/** How long a better one may take to open, in milliseconds. */
const TRY_MS = 10_000;

/** Somebody on a transport that is not the best. */
export interface Settler {
  readonly visit: Visit;
  readonly rung: number;
  /** A better one works: come back over it. */
  readonly moveUp: () => void;
}

/**
 * Tries, every now and then and when the network comes back, whether a better transport works than
 * the one that somebody had to settle for. It tries aside: nobody is interrupted before one does.
 */
export class Lookout {
  readonly #environment: Environment;
  readonly #transports: readonly Way[];
  readonly #found: (rung: number) => void;
  readonly #settlers = new Set<Settler>();
  #delayMs = FIRST_MS;
  #unsubscribe: Cancel = () => {};
  #cancelWait: Cancel = () => {};
  #cancelTry: Cancel = () => {};

  /**
   * @param transports the best first.
   * @param found is told of a better rung before anybody moves.
   */
  constructor(environment: Environment, transports: readonly Way[], found: (rung: number) => void) {
    this.#environment = environment;
    this.#transports = transports;
    this.#found = found;
  }

  /** Looks out for somebody, until the function returned is called. */
  add(settler: Settler): Cancel {
    this.#settlers.add(settler);
    if (this.#settlers.size === 1) this.#begin();
    return () => this.#remove(settler);
  }

  #begin(): void {
    // Whoever was on the best one since: should that fail again, it is news.
    this.#delayMs = FIRST_MS;
    this.#unsubscribe = this.#environment.onWake((cause) => {
      if (cause !== "online") return;
      this.#delayMs = FIRST_MS;
      this.#look();
    });
    this.#wait();
  }

  #remove(settler: Settler): void {
    if (!this.#settlers.delete(settler) || this.#settlers.size > 0) return;
    this.#unsubscribe();
    this.#cancelWait();
    this.#cancelTry();
  }

  #wait(): void {
    this.#cancelWait();
    this.#cancelWait = this.#environment.after(this.#delayMs, () => this.#look());
    this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_MS);
  }

  #look(): void {
    this.#wait();
    const [settler] = this.#settlers;
    if (settler !== undefined) this.#try(0, settler);
  }

  #try(rung: number, settler: Settler): void {
    this.#cancelTry();
    const transport = this.#transports[rung];
    if (transport === undefined || rung >= settler.rung) return;
    const failed = () => this.#try(rung + 1, settler);
    const link = this.#open(transport, settler.visit, () => this.#moveUp(rung), failed);
    if (link === undefined) {
      failed();
      return;
    }
    const cancel = this.#environment.after(TRY_MS, failed);
    this.#cancelTry = () => {
      cancel();
      link.drop();
      this.#cancelTry = () => {};
    };
  }

  #open(transport: Way, visit: Visit, worked: () => void, failed: () => void) {
    const aside = { ...visit, cursor: undefined, wants: { ...visit.wants, history: 0 } };
    try {
      return new Link(transport, aside, {
        // Whatever is said, even no, has got through.
        received: (frames) => {
          if (frames.length > 0) worked();
        },
        closed: failed,
      });
    } catch {
      return undefined;
    }
  }

  #moveUp(rung: number): void {
    this.#cancelTry();
    this.#found(rung);
    for (const settler of [...this.#settlers]) {
      if (settler.rung > rung) settler.moveUp();
    }
  }
}
