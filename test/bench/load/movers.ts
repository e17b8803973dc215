import { pause } from "../../support/pause.ts";
import { Connection, type Listener } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import { contentOf } from "./message.ts";
import { SharedFrames } from "./shared-frame.ts";

/** As long as `{"x":1034.5,"y":512.25}`, and a name or a colour. */
const POSITION_BYTES = 32;
/** After this the last of what was sent has come, or does not. */
const LAST_MS = 500;

/** What people saw of each other's cursors. */
export interface Seen {
  readonly sent: number;
  /** How many positions came, over all people. */
  readonly told: number;
  /** How long after it was due each came, in milliseconds. */
  readonly latencies: readonly number[];
  /** How much later than due each was sent, in milliseconds. */
  readonly lateness: readonly number[];
  /** Cursors that somebody does not see where they stopped. */
  readonly lost: number;
  /** Bytes that all people received. */
  readonly bytes: number;
}

/** Somebody who moves a cursor, and sees those of the others. */
class Mover implements Listener {
  readonly #movers: Movers;
  /** The newest position that it saw, by whose it is. */
  readonly newest = new Map<number, number>();

  constructor(movers: Movers) {
    this.#movers = movers;
  }

  messages(numbers: readonly number[]): void {
    const now = performance.now();
    for (const number of numbers) this.#movers.seen(this, number, now);
  }

  answered(): void {}
}

/** People in one room who all move their cursors at once. */
export class Movers {
  readonly #dialect: Dialect;
  readonly #people: Mover[] = [];
  readonly #connections: Connection[] = [];
  #dueAt: number[] = [];
  #latencies: number[] = [];
  /** Positions of an earlier round are not counted. */
  #from = 0;

  private constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** Lets so many people in. */
  static async gather(dialect: Dialect, people: number): Promise<Movers> {
    const movers = new Movers(dialect);
    for (let index = 0; index < people; index++) {
      const listener = new Mover(movers);
      const { connection } = await Connection.open({
        entrance: dialect.entrance(index),
        dialect,
        listener,
        // Nobody is sent the same as another: each is told of the others.
        shared: new SharedFrames(1),
        isSender: false,
      });
      movers.#people.push(listener);
      movers.#connections.push(connection);
    }
    return movers;
  }

  /** Each moves so often a second, evenly, and each at another time. */
  async move(perSecond: number, forMs: number): Promise<Seen> {
    const people = this.#people.length;
    const from = this.#dueAt.length;
    const bytes = this.#bytes;
    this.#from = from;
    this.#latencies = [];
    const lateness: number[] = [];
    const start = performance.now();
    const gapMs = 1_000 / (perSecond * people);
    const moves = Math.floor(forMs / gapMs);
    for (let move = 0; move < moves; move++) {
      const dueAt = start + move * gapMs;
      for (let wait = dueAt - performance.now(); wait > 0; wait = dueAt - performance.now()) {
        await pause(wait);
      }
      const number = from + move;
      this.#dueAt.push(dueAt);
      const message = this.#dialect.message(number, contentOf(number, POSITION_BYTES));
      this.#connections[number % people]?.send(message);
      lateness.push(performance.now() - dueAt);
    }
    await pause(LAST_MS);
    return {
      sent: moves,
      told: this.#latencies.length,
      latencies: this.#latencies,
      lateness,
      lost: this.#lost,
      bytes: this.#bytes - bytes,
    };
  }

  /** Somebody saw a position. */
  seen({ newest }: Mover, number: number, now: number): void {
    newest.set(number % this.#people.length, number);
    if (number >= this.#from) this.#latencies.push(now - (this.#dueAt[number] ?? now));
  }

  /** Cuts everyone. */
  leave(): void {
    for (const connection of this.#connections) connection.close();
  }

  get #bytes(): number {
    return this.#connections.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get #lost(): number {
    const people = this.#people.length;
    const stopped = this.#dueAt.length - people;
    let lost = 0;
    for (const [index, { newest }] of this.#people.entries()) {
      for (let other = 0; other < people; other++) {
        if (other !== index && (newest.get(other) ?? -1) < stopped) lost += 1;
      }
    }
    return lost;
  }
}
