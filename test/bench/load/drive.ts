import { pause } from "../../support/pause.ts";
import { until } from "../../support/until.ts";
import type { Crowd } from "./crowd.ts";
import type { Dialect } from "./dialect.ts";
import { requireExactlyOnce } from "./exactly-once.ts";
import { contentOf } from "./message.ts";

/** Bounds of one phase of sending: whichever comes first ends it. */
export interface Bounds {
  readonly messages: number;
  readonly ms: number;
}

/** What a phase did. */
export interface Driven {
  readonly sent: number;
  readonly delivered: number;
  /** From the first send to the last copy. */
  readonly ms: number;
}

/** What a paced phase did, and how well the load tool kept the pace. */
export interface Paced extends Driven {
  /** From the first send to the last. */
  readonly sendingMs: number;
  /** How much later than due each message was sent, in milliseconds. */
  readonly lateness: readonly number[];
}

/** Size of every message's content. */
export const CONTENT_BYTES = 100;
const DRAIN_TIMEOUT_MS = 90_000;

/** Every sender keeps `inFlight` messages unanswered, as fast as the server takes them. */
export async function saturate(
  crowd: Crowd,
  dialect: Dialect,
  inFlight: number,
  bounds: Bounds,
): Promise<Driven> {
  const phase = new Phase(crowd, dialect);
  const until = performance.now() + bounds.ms;
  const more = () => phase.sent < bounds.messages && performance.now() < until;
  crowd.senders.forEach((member, sender) => {
    member.onAnswer = () => {
      if (more()) phase.send(sender, performance.now());
    };
  });
  for (let round = 0; round < inFlight; round++) {
    for (let sender = 0; sender < crowd.senders.length && more(); sender++) {
      phase.send(sender, performance.now());
    }
  }
  while (more()) await pause(5);
  return phase.finish();
}

/** `perSecond` messages in all, evenly spaced, whether or not the server keeps up. */
export async function paced(
  crowd: Crowd,
  dialect: Dialect,
  perSecond: number,
  bounds: Bounds,
): Promise<Paced> {
  const phase = new Phase(crowd, dialect);
  const lateness: number[] = [];
  const start = performance.now();
  const total = Math.min(bounds.messages, Math.floor((bounds.ms * perSecond) / 1000));
  while (phase.sent < total) {
    // Due by the schedule and not by when we got to it, so that a stall is not left out.
    const dueAt = start + (phase.sent * 1000) / perSecond;
    // Timers count whole milliseconds and may end early by a part of one.
    for (let wait = dueAt - performance.now(); wait > 0; wait = dueAt - performance.now()) {
      await pause(wait);
    }
    phase.send(phase.sent % crowd.senders.length, dueAt);
    lateness.push(performance.now() - dueAt);
  }
  const sendingMs = performance.now() - start;
  return { ...(await phase.finish()), sendingMs, lateness };
}

/** One message at a time: the next is sent `thinkMs` after everyone has the last one. */
export async function oneByOne(
  crowd: Crowd,
  dialect: Dialect,
  thinkMs: number,
  bounds: Bounds,
): Promise<Driven> {
  const phase = new Phase(crowd, dialect);
  const until = performance.now() + bounds.ms;
  while (phase.sent < bounds.messages && performance.now() < until) {
    phase.send(0, performance.now());
    await phase.delivered();
    await pause(thinkMs);
  }
  return phase.finish();
}

class Phase {
  readonly #crowd: Crowd;
  readonly #dialect: Dialect;
  readonly #sentBefore: number;
  readonly #copiesBefore: number;
  readonly #startedAt = performance.now();

  constructor(crowd: Crowd, dialect: Dialect) {
    this.#crowd = crowd;
    this.#dialect = dialect;
    this.#sentBefore = crowd.tally.sent;
    this.#copiesBefore = crowd.copies;
    crowd.tally.latencies = [];
  }

  get sent(): number {
    return this.#crowd.tally.sent - this.#sentBefore;
  }

  send(sender: number, dueAt: number): void {
    const { tally, senders } = this.#crowd;
    const id = tally.next(sender, dueAt);
    if (id >= tally.capacity) throw new Error("More messages than the tally holds.");
    senders[sender]?.connection.send(this.#dialect.message(id, contentOf(id, CONTENT_BYTES)));
  }

  /** Waits until everyone has everything, and every sender its answers; throws when that takes too long. */
  async delivered(): Promise<void> {
    const { tally } = this.#crowd;
    const isDone = () =>
      tally.delivered + tally.duplicates >= this.#crowd.copies &&
      tally.answered + tally.refused >= this.#crowd.answers;
    await until(isDone, DRAIN_TIMEOUT_MS);
    if (isDone()) return;
    requireExactlyOnce(this.#crowd);
    throw new Error(`The last copies took longer than ${DRAIN_TIMEOUT_MS} ms.`);
  }

  async finish(): Promise<Driven> {
    await this.delivered();
    const { tally, senders } = this.#crowd;
    for (const sender of senders) sender.onAnswer = undefined;
    requireExactlyOnce(this.#crowd);
    return {
      sent: this.sent,
      delivered: this.#crowd.copies - this.#copiesBefore,
      ms: tally.lastAt - this.#startedAt,
    };
  }
}
