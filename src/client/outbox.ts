import type { DurableFrame } from "../protocol/client-frame.ts";
import type { Refusal } from "../protocol/error.ts";
import type { Ack } from "../protocol/server-frame.ts";
import { backoffMs } from "./backoff.ts";
import { type Deadline, within } from "./deadline.ts";
import type { Environment } from "./environment.ts";
import { type Circumstances, type ClientErrorCode, RealtimeError } from "./error.ts";
import { Gate } from "./gate.ts";
import {
  doubtsOf,
  entryOf,
  isSame,
  namesSeq,
  type OutboxEntry,
  outcomeOf,
  pendingFrame,
  type Receipt,
} from "./outbox-entry.ts";
import { OutboxQueue } from "./outbox-queue.ts";
import type { Pacer } from "./pacer.ts";
import type { PendingFrame } from "./room-event.ts";
import type { Sending } from "./transport.ts";

/** Beyond this many frames the application is faster than its network, and must hear of it. */
const PENDING_MAX = 1_000;
/** A frame refused for now this often, over half an hour, meets a server that cannot take it. */
const REFUSALS_MAX = 50;
/** How long an acknowledgement is waited for before the frame goes out again, at most. */
const OVERDUE_MAX_MS = 60_000;

/** How an outbox sends. */
export interface OutboxOptions {
  readonly environment: Environment;
  readonly pacer: Pacer;
  /** How long an acknowledgement may take, in milliseconds, until something is done about it. */
  readonly ackTimeoutMs: number;
  /** How far the log has been followed. */
  readonly head: () => number;
  /** Hands a frame to the connection, or says why it could not. */
  readonly transmit: (frame: DurableFrame) => Sending;
  /** An acknowledgement is overdue: is anybody there? */
  readonly overdue: () => void;
  /** Why there is no connection, if there is none. */
  readonly away: () => unknown;
  /** The list of pending frames is another one now. */
  readonly changed: () => void;
}

/**
 * Durable frames, in the order the application gave them, until each is acknowledged, refused, or
 * given up by whoever sent it.
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
   * Queues a frame, unless the same waits already. The promise rejects with a {@link RealtimeError}:
   * the server's refusal, `disconnected` when the room is closed for good, `timeout` or `aborted` at
   * the caller's deadline, `outbox_full`, `reset`, `too_large`, and `conflict` when its messageId
   * waits with something else.
   */
  add(frame: DurableFrame, deadline: Deadline = {}): Promise<Receipt> {
    const known = this.#queue.get(frame.messageId);
    const problem =
      known === undefined ? (this.#closed ?? this.#fullness()) : conflict(known, frame);
    if (problem !== undefined) return Promise.reject(problem);
    const entry = known ?? this.#enqueue(frame);
    entry.callers += 1;
    const { environment } = this.#options;
    const receipt = within(environment, entry.receipt.promise, deadline, (code, cause) =>
      this.#withdraw(entry, code, cause),
    );
    this.#pump();
    return receipt;
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
      entry.overdues = 0;
      if (entry.delivery.state === "sent") this.#doubt(entry);
    }
  }

  /** The log began anew: frames that name a `seq` of the old one would hit something else. */
  voidSeqs(): void {
    for (const entry of this.#queue) {
      entry.sentAt = undefined;
      if (!namesSeq(entry.frame)) continue;
      this.#drop(entry, "reset", "The room's log began anew: the seq it names is void.");
    }
  }

  /** Gives up everything, and all that is to come. */
  close(message: string, cause: unknown): void {
    this.#closed = RealtimeError.local("disconnected", message, { outcome: "not_sent", cause });
    this.#gate.shut();
    for (const entry of this.#queue) this.#drop(entry, "disconnected", message, cause);
  }

  /** The server's answer to a frame. One that is not waited for any more changes nothing. */
  answer(messageId: string, ack: Ack): void {
    const entry = this.#queue.get(messageId);
    if (entry === undefined) return;
    if (!ack.success) this.#refused(entry, ack.error);
    else if (ack.savedId !== undefined) this.settle(messageId, ack.savedId, ack.duplicate === true);
    this.#pump();
  }

  /** A frame is known to be stored. */
  settle(messageId: string, savedId: number, duplicate: boolean): void {
    const entry = this.#queue.get(messageId);
    if (entry === undefined) return;
    this.#remove(entry);
    entry.receipt.resolve({ savedId, messageId, duplicate });
  }

  #enqueue(frame: DurableFrame): OutboxEntry {
    const entry = entryOf(frame);
    // Whoever waits hears of it; a frame that nobody waits for any more must not end the process.
    entry.receipt.promise.catch(() => {});
    this.#queue.add(entry);
    this.#options.changed();
    return entry;
  }

  #withdraw(entry: OutboxEntry, code: ClientErrorCode, cause: unknown): RealtimeError {
    const message =
      code === "aborted" ? "The caller gave it up." : "It was not acknowledged in time.";
    const why = cause ?? this.#options.away();
    const error = RealtimeError.local(code, message, { ...outcomeOf(entry), cause: why });
    entry.callers -= 1;
    if (entry.callers === 0 && this.#queue.get(entry.frame.messageId) === entry) {
      this.#fail(entry, error);
      this.#pump();
    }
    return error;
  }

  #refused(entry: OutboxEntry, error: Refusal): void {
    const isSlowdown = error.code === "rate_limited";
    // A late answer to a transmission that was given up: it is about to be sent again anyway.
    if (error.retryable && entry.delivery.state === "queued") return;
    if (isSlowdown) entry.slowdowns += 1;
    else entry.refusals += 1;
    if (!error.retryable || entry.refusals >= REFUSALS_MAX) {
      this.#fail(entry, RealtimeError.refused(error, doubtsOf(entry)));
      return;
    }
    this.#queue.requeue(entry);
    if (isSlowdown) this.#options.pacer.empty();
    const attempt = entry.refusals + entry.slowdowns;
    this.#gate.hold(error.retryAfterMs ?? backoffMs(attempt, this.#options.environment.random()));
  }

  #pump(): void {
    if (!this.#gate.isOpen) return;
    for (const entry of this.#queue) {
      if (entry.delivery.state === "sent") continue;
      if (this.#queue.underWay >= this.#window || !this.#send(entry)) return;
    }
  }

  /** Whether the next one may follow. */
  #send(entry: OutboxEntry): boolean {
    const { environment, pacer, transmit, head, ackTimeoutMs } = this.#options;
    if (!pacer.take(entry.bytes)) {
      this.#gate.retryIn(pacer.waitMs(entry.bytes));
      return false;
    }
    const sentAt = entry.sentAt ?? head();
    const sending = transmit({ ...entry.frame, sentAt });
    if (sending === "too_large") {
      this.#fail(entry, RealtimeError.tooLarge(this.#frameBytes, doubtsOf(entry)));
      return true;
    }
    if (sending !== "sent") return false;
    entry.sentAt = sentAt;
    entry.isTransmitted = true;
    const overdueMs = Math.min(ackTimeoutMs * 2 ** entry.overdues, OVERDUE_MAX_MS);
    this.#queue.sent(
      entry,
      environment.after(overdueMs, () => this.#overdue(entry)),
    );
    return true;
  }

  /** A server that answers probes, and not this, is given time: only its refusal is a no. */
  #overdue(entry: OutboxEntry): void {
    this.#doubt(entry);
    entry.overdues += 1;
    this.#options.overdue();
    this.#pump();
  }

  #doubt(entry: OutboxEntry): void {
    this.#queue.requeue(entry);
    entry.isInDoubt = true;
  }

  #drop(
    entry: OutboxEntry,
    code: "disconnected" | "reset",
    message: string,
    cause?: unknown,
  ): void {
    this.#fail(entry, RealtimeError.local(code, message, { ...outcomeOf(entry), cause }));
  }

  #fail(entry: OutboxEntry, error: RealtimeError): void {
    this.#remove(entry);
    entry.receipt.reject(error);
  }

  #remove(entry: OutboxEntry): void {
    this.#queue.delete(entry);
    this.#options.changed();
  }

  #fullness(): RealtimeError | undefined {
    if (this.#queue.size < PENDING_MAX) return undefined;
    const message = `${PENDING_MAX} frames are pending already.`;
    return RealtimeError.local("outbox_full", message, NOT_SENT);
  }
}

const NOT_SENT: Circumstances = { outcome: "not_sent" };

function conflict(known: OutboxEntry, frame: DurableFrame): RealtimeError | undefined {
  if (isSame(known.frame, frame)) return undefined;
  const message = "This messageId waits with something else: take another one.";
  return RealtimeError.invalid("conflict", message, NOT_SENT);
}
