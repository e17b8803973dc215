import { pause } from "../../support/pause.ts";
import type { Dialect } from "./dialect.ts";
import { Member } from "./member.ts";
import { SharedFrames } from "./shared-frame.ts";
import { Tally } from "./tally.ts";

/** Who comes. */
export interface CrowdSize {
  readonly readers: number;
  readonly senders: number;
  /** Most messages that will be sent. */
  readonly capacity: number;
}

/** How many connections are opened at a time. */
const AT_ONCE = 32;
/**
 * Sampled readers write down delivery times; as many as give a steady p99, spread over the joining
 * order. None of them sends: a sender's own frame may leave at another time.
 */
const SAMPLED = 50;
const SETTLED_MS = 700;
const SETTLE_TIMEOUT_MS = 60_000;

/** Everyone in one room: readers, and senders, who get everything too. */
export class Crowd {
  readonly tally: Tally;
  readonly members: readonly Member[];
  readonly senders: readonly Member[];
  readonly #dialect: Dialect;
  /** Whether the server promises one order for all. */
  readonly isOrdered: boolean;
  readonly #isUnanswered: boolean;
  readonly #skipsSender: boolean;
  readonly #shared: SharedFrames;

  constructor(dialect: Dialect, { readers, senders, capacity }: CrowdSize) {
    this.#dialect = dialect;
    this.isOrdered = dialect.isOrdered === true;
    this.#isUnanswered = dialect.isUnanswered === true;
    this.#skipsSender = dialect.skipsSender === true;
    // In one flush every sender has a big frame of its own, with its answers, and readers share
    // one; twice that, for readers who are a flush behind.
    this.#shared = new SharedFrames(2 * (senders + 1));
    this.tally = new Tally(capacity);
    const total = readers + senders;
    const every = Math.max(1, Math.floor(readers / SAMPLED));
    const senderEvery = senders === 0 ? Number.POSITIVE_INFINITY : Math.floor(total / senders);
    const answersByCopy = dialect.answer === undefined && !this.#isUnanswered;
    let reader = 0;
    this.members = Array.from({ length: total }, (_, index) => {
      // Senders sit among the readers, not all in front.
      const place = Math.floor(index / senderEvery);
      const sender = index % senderEvery === 0 && place < senders ? place : undefined;
      const sampled = sender === undefined && reader++ % every === 0;
      return new Member(this.tally, sender, { answersByCopy, senders, sampled });
    });
    this.senders = this.members.filter(({ sender }) => sender !== undefined);
  }

  /** Lets everyone in and waits until the room has fallen silent. */
  static async gather(dialect: Dialect, size: CrowdSize): Promise<Crowd> {
    const crowd = new Crowd(dialect, size);
    try {
      await crowd.join();
      await crowd.settle();
    } catch (error) {
      crowd.leave();
      throw error;
    }
    return crowd;
  }

  /** Connects everyone, `atOnce` at a time. */
  async join(atOnce = AT_ONCE, dialect = this.#dialect): Promise<void> {
    const waiting = this.members.map((member, index) => ({ member, index })).reverse();
    const work = async () => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        await this.joinOne(next.member, next.index, dialect);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }

  /** Connects one. */
  async joinOne(member: Member, index: number, dialect = this.#dialect): Promise<void> {
    await member.join({
      entrance: dialect.entrance(index),
      dialect,
      shared: this.#shared,
      isSender: member.sender !== undefined,
    });
  }

  /** Waits until nothing has come for a while. */
  async settle(): Promise<void> {
    const deadline = performance.now() + SETTLE_TIMEOUT_MS;
    let bytes = -1;
    while (bytes !== this.bytes && performance.now() < deadline) {
      bytes = this.bytes;
      await pause(SETTLED_MS);
    }
  }

  /** How many copies there are of all that was sent. */
  get copies(): number {
    return this.tally.sent * (this.members.length - (this.#skipsSender ? 1 : 0));
  }

  /** How many answers there are to all that was sent. */
  get answers(): number {
    return this.#isUnanswered ? 0 : this.tally.sent;
  }

  /** How many messages a member is to hear. */
  copiesFor({ sender }: Member): number {
    const { sent, sentBy } = this.tally;
    return sent - (this.#skipsSender && sender !== undefined ? (sentBy.get(sender) ?? 0) : 0);
  }

  /** Bytes that all of them received. */
  get bytes(): number {
    return this.members.reduce((sum, { connection }) => sum + connection.bytes, 0);
  }

  /** Whether it is the server that pings. */
  get isPinged(): boolean {
    return this.#dialect.pinged !== undefined;
  }

  /** How many pings of the server's they have answered. */
  get pings(): number {
    return this.members.reduce((sum, { connection }) => sum + connection.pings, 0);
  }

  /** Cuts everyone. */
  leave(): void {
    for (const member of this.members) member.leave();
  }
}
