import type { DurableFrame } from "../protocol/client-frame.ts";
import type { Refusal } from "../protocol/error.ts";
import type { Ack } from "../protocol/server-frame.ts";
import { backoffMs } from "./backoff.ts";
import type { Environment } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import { Gate } from "./gate.ts";
import { entryOf, namesSeq, type OutboxEntry, pendingFrame, type Receipt } from "./outbox-entry.ts";
import { OutboxQueue } from "./outbox-queue.ts";
import type { Pacer } from "./pacer.ts";
import type { PendingFrame } from "./room-event.ts";
import type { Encoded } from "./transport.ts";
import { sizeProblem } from "./uplink.ts";

/** Beyond this many frames the application is faster than its network, and must hear of it. */
const PENDING_MAX = 1_000;
/** A frame refused this often as `rate_limited` meets a server that will never take it. */
const SLOWDOWNS_MAX = 100;
/** A frame whose connection broke this often is likely what breaks it. */
const CUTS_MAX = 50;

/** How an outbox sends. */
export interface OutboxOptions {
  readonly environment: Environment;
  readonly pacer: Pacer;
  /** How long an acknowledgement may take, in milliseconds. */
  readonly ackTimeoutMs: number;
  /** Transmissions of one frame that may go unanswered, or be refused for now. */
  readonly sendTries: number;
  /** Hands a frame to the connection, or says that there is none. */
  readonly transmit: (encoded: Encoded) => boolean;
  /** The list of pending frames is another one now. */
  readonly changed: () => void;
}

/**
 * Durable frames, in the order the application gave them, until each is acknowledged or given up.
 *
 * Order: a frame goes out only after all before it, is resent before all after it, and after a
 * refusal nothing new goes out until everything under way is answered. What remains: frames that
 * were under way behind the refused one may have been stored before it. The {@link Pacer} keeps
 * such refusals from happening.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #queue = new OutboxQueue();
  readonly #gate: Gate;
  #closed: RealtimeError | undefined;
  #frameBytes = Number.POSITIVE_INFINITY;
  #window = 1;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#gate = new Gate(
      options.environment,
      () => this.#queue.underWay === 0,
      () => this.#pump(),
    );
  }

  /** What is not acknowledged yet, in order. */
  get pending(): readonly PendingFrame[] {
    return [...this.#queue].map(pendingFrame);
  }

  /**
   * Queues a frame; one whose messageId waits already is the same frame. The promise rejects with a
   * {@link RealtimeError}: the server's refusal, `timeout`, `disconnected`, `outbox_full`, `reset`.
   */
  add(frame: DurableFrame, encoded: Encoded): Promise<Receipt> {
    const known = this.#queue.get(frame.messageId);
    if (known !== undefined) return known.promise;
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    if (this.#queue.size >= PENDING_MAX) {
      const message = `${PENDING_MAX} frames wait for their acknowledgement already.`;
      return Promise.reject(RealtimeError.local("outbox_full", message));
    }
    const entry = entryOf(frame, encoded);
    this.#queue.add(entry);
    this.#options.changed();
    this.#pump();
    return entry.promise;
  }

  /** A connection is ready: everything goes out, the oldest first, `window` frames at a time. */
  open(frameBytes: number, window: number): void {
    if (this.#closed !== undefined) return;
    this.#frameBytes = frameBytes;
    this.#window = window;
    this.#gate.open();
    this.#pump();
  }

  /** The connection is gone: what it did not answer will be sent again by the next one. */
  suspend(): void {
    this.#gate.shut();
    for (const entry of this.#queue) {
      if (entry.delivery.state === "queued") continue;
      this.#queue.requeue(entry);
      entry.cuts += 1;
      if (entry.cuts >= CUTS_MAX) {
        this.#drop(entry, "disconnected", `The connection broke ${CUTS_MAX} times on this frame.`);
      }
    }
  }

  /** The log began anew: frames that name a `seq` of the old one would hit something else. */
  voidSeqs(): void {
    for (const entry of this.#queue) {
      if (!namesSeq(entry.frame)) continue;
      this.#drop(
        entry,
        "reset",
        "The room's log began anew; the seq that this frame names is void.",
      );
    }
  }

  /** Gives up everything, and all that is to come. */
  close(error: RealtimeError): void {
    this.#closed = error;
    this.#gate.shut();
    for (const entry of this.#queue) this.#remove(entry, () => entry.reject(error));
  }

  /** The server's answer to a frame. One that is not waited for any more changes nothing. */
  answer(messageId: string, ack: Ack): void {
    const entry = this.#queue.get(messageId);
    if (entry === undefined) return;
    if (ack.success) this.settle(messageId, ack.savedId, ack.duplicate === true);
    else this.#refused(entry, ack.error);
    this.#pump();
  }

  /** A frame is known to be stored. */
  settle(messageId: string, savedId: number, duplicate: boolean): void {
    const entry = this.#queue.get(messageId);
    if (entry === undefined) return;
    this.#remove(entry, () => entry.resolve({ savedId, messageId, duplicate }));
  }

  #refused(entry: OutboxEntry, error: Refusal): void {
    const isSlowdown = error.code === "rate_limited";
    // A late answer to a transmission that was given up: it is about to be sent again anyway.
    if (error.retryable && entry.delivery.state === "queued") return;
    if (isSlowdown) entry.slowdowns += 1;
    else entry.tries += 1;
    const isSpent = isSlowdown
      ? entry.slowdowns >= SLOWDOWNS_MAX
      : entry.tries >= this.#options.sendTries;
    if (!error.retryable || isSpent) {
      this.#remove(entry, () => entry.reject(RealtimeError.refused(error)));
      return;
    }
    this.#queue.requeue(entry);
    if (isSlowdown) this.#options.pacer.empty();
    const attempt = entry.tries + entry.slowdowns;
    this.#gate.hold(error.retryAfterMs ?? backoffMs(attempt, this.#options.environment.random()));
  }

  #pump(): void {
    if (!this.#gate.isOpen) return;
    for (const entry of this.#queue) {
      if (entry.delivery.state === "sent") continue;
      if (this.#queue.underWay >= this.#window) return;
      const problem = sizeProblem(entry.encoded, this.#frameBytes);
      if (problem !== undefined) this.#remove(entry, () => entry.reject(problem));
      else if (!this.#send(entry)) return;
    }
  }

  #send(entry: OutboxEntry): boolean {
    const { environment, pacer, transmit, ackTimeoutMs } = this.#options;
    if (!pacer.take()) {
      this.#gate.retryIn(pacer.waitMs());
      return false;
    }
    if (!transmit(entry.encoded)) return false;
    const overdue = environment.after(ackTimeoutMs, () => this.#overdue(entry));
    this.#queue.sent(entry, overdue);
    return true;
  }

  #overdue(entry: OutboxEntry): void {
    this.#queue.requeue(entry);
    entry.tries += 1;
    if (entry.tries >= this.#options.sendTries) {
      this.#drop(entry, "timeout", `No acknowledgement after ${entry.tries} transmissions.`);
    }
    this.#pump();
  }

  #drop(entry: OutboxEntry, code: "timeout" | "disconnected" | "reset", message: string): void {
    this.#remove(entry, () => entry.reject(RealtimeError.local(code, message)));
  }

  #remove(entry: OutboxEntry, conclude: () => void): void {
    this.#queue.delete(entry);
    conclude();
    this.#options.changed();
  }
}
