import { Connection, type ConnectionOptions, type Listener } from "./connection.ts";
import { Received } from "./received.ts";
import type { Tally } from "./tally.ts";

/** Opens a connection of one's own. */
export type Opening = Omit<ConnectionOptions, "listener">;

/** One connection, what it received, and whether it sends. */
export class Member implements Listener {
  readonly #tally: Tally;
  readonly #answersByCopy: boolean;
  readonly received: Received;
  /** Its number among the senders; `undefined` for whoever only reads. */
  readonly sender: number | undefined;
  /** Told when one of its messages was answered. */
  onAnswer: (() => void) | undefined;
  #connection: Connection | undefined;
  /** Its first frame. */
  welcome = "";

  constructor(tally: Tally, sender: number | undefined, options: MemberOptions) {
    this.#tally = tally;
    this.#answersByCopy = options.answersByCopy;
    this.sender = sender;
    this.received = new Received(tally, options.senders, options.sampled);
  }

  /** Its connection. */
  get connection(): Connection {
    if (this.#connection === undefined) throw new Error("The member is not connected.");
    return this.#connection;
  }

  /** Connects, again after a cut. */
  async join(opening: Opening): Promise<void> {
    const { connection, welcome } = await Connection.open({ ...opening, listener: this });
    this.#connection = connection;
    this.welcome = welcome;
  }

  /** Cuts its connection, if it has one. */
  leave(): void {
    this.#connection?.close();
  }

  messages(numbers: readonly number[]): void {
    this.received.take(numbers);
    if (this.sender === undefined || !this.#answersByCopy) return;
    for (const number of numbers) {
      if (this.#tally.owner[number] === this.sender) this.answered(number, true);
    }
  }

  answered(id: number, success: boolean): void {
    if (this.sender === undefined) return;
    if (this.#tally.answer(id, this.sender, success)) this.onAnswer?.();
  }
}

/** How a member counts. */
export interface MemberOptions {
  /** Whether its own copy is its answer, for servers that have none. */
  readonly answersByCopy: boolean;
  /** How many senders there are. */
  readonly senders: number;
  /** Whether it writes delivery times down. */
  readonly sampled: boolean;
}
