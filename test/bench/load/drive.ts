import { pause, until } from "../../support/pause.ts";
import type { Crowd } from "./crowd.ts";
import type { Dialect } from "./dialect.ts";
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

/** Raised when a message was lost, doubled or refused. */
export class Undelivered extends Error {}

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
): Promise<Driven> {
  const phase = new Phase(crowd, dialect);
  const start = performance.now();
  const total = Math.min(bounds.messages, Math.floor((bounds.ms * perSecond) / 1000));
  while (phase.sent < total) {
    // Due by the schedule and not by when we got to it, so that a stall is not left out.
    const dueAt = start + (phase.sent * 1000) / perSecond;
    const wait = dueAt - performance.now();
    if (wait > 0.5) await pause(wait);
    phase.send(phase.sent % crowd.senders.length, dueAt);
  }
  return phase.finish();
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
  readonly #startedAt = performance.now();

  constructor(crowd: Crowd, dialect: Dialect) {
    this.#crowd = crowd;
    this.#dialect = dialect;
    this.#sentBefore = crowd.tally.sent;
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

  /** Waits until everyone has everything, and every sender its answers. */
  async delivered(): Promise<void> {
    const { tally, members } = this.#crowd;
    const isDone = () =>
      tally.delivered + tally.duplicates >= tally.sent * members.length &&
      tally.answered + tally.refused >= tally.sent;
    await until(isDone, DRAIN_TIMEOUT_MS);
  }

  async finish(): Promise<Driven> {
    await this.delivered();
    const { tally, members, senders } = this.#crowd;
    for (const sender of senders) sender.onAnswer = undefined;
    check(this.#crowd);
    return {
      sent: this.sent,
      delivered: this.sent * members.length,
      ms: tally.lastAt - this.#startedAt,
    };
  }
}

/** Every message that was sent, exactly once at everyone, and accepted. */
function check({ tally, members }: Crowd): void {
  const short = members.filter(({ received }) => received.count !== tally.sent).length;
  const lost = members.filter(({ connection }) => connection.lost).length;
  if (short === 0 && lost === 0 && tally.duplicates === 0 && tally.refused === 0) return;
  throw new Undelivered(
    `of ${tally.sent} messages to ${members.length} readers: ${short} readers miss some (${tally.sent * members.length - tally.delivered} copies), ${tally.duplicates} copies came twice, ${tally.refused} were refused, ${lost} connections were lost`,
  );
}
