import { assertNever } from "../protocol/assert-never.ts";
import { EncodedFrame } from "../protocol/encoded-frame.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import type { Actor } from "./actor.ts";
import type { Connection } from "./connection.ts";
import { decide, type RoomFrame } from "./decide.ts";
import type { RoomView, Saved } from "./decision.ts";
import type { DedupeWindow } from "./dedupe-window.ts";
import type { Effect, Telling } from "./effect.ts";
import { eventFrame } from "./event-frame.ts";
import type { Outgoing } from "./fan-out.ts";
import { iso } from "./iso.ts";
import type { RoomLog } from "./log.ts";
import type { Receipts } from "./receipts.ts";

/** What became of a frame that asked over HTTP. */
export type Outcome =
  | { readonly ok: true; readonly saved?: Saved }
  | { readonly ok: false; readonly error: Refusal };

/** A checked frame waiting for the flush. */
export interface Submission {
  readonly frame: RoomFrame;
  readonly actor: Actor;
  /** When it came, milliseconds since the epoch. */
  readonly at: number;
  /** Told after the commit; a connection is answered with a frame instead. */
  readonly answer?: (outcome: Outcome) => void;
}

/** One thing waiting for the flush. */
export type QueueItem =
  | ({ readonly kind: "frame" } & Submission)
  | ({ readonly kind: "tell" } & Telling)
  | {
      readonly kind: "close";
      readonly connectionId: string;
      readonly code: number;
      readonly reason: string;
    };

/** A close that follows the frames of its flush. */
export interface Closing {
  readonly connectionId: string;
  readonly code: number;
  readonly reason: string;
}

/** What a flush leaves to be done once its transaction stands. */
export interface Settled {
  readonly outgoing: Outgoing[];
  readonly closings: Closing[];
  readonly answers: (() => void)[];
  /** Whether anything was appended. */
  readonly appended: boolean;
  /** What made the transaction fail; nothing of it was stored or is told. */
  readonly failure?: unknown;
}

/** The state that decisions read and effects change. */
export interface FlushState {
  readonly log: RoomLog;
  readonly dedupe: DedupeWindow;
  readonly receipts: Receipts;
  readonly connections: ReadonlyMap<string, Connection>;
}

/**
 * Decides everything that waits, in order, and stores it in one transaction. When that fails,
 * every sender in it is refused and only what needed no storage is told.
 */
export function settle(queue: readonly QueueItem[], state: FlushState): Settled {
  const head = state.log.head;
  const flush = new Flush(state);
  try {
    state.log.transaction(() => {
      queue.forEach((item, place) => {
        flush.take(item, place);
      });
      flush.saveReceipts();
    });
    return flush.settled();
  } catch (failure) {
    state.dedupe.forgetAfter(head);
    return settleFailure(queue, state, failure);
  }
}

function settleFailure(queue: readonly QueueItem[], state: FlushState, failure: unknown): Settled {
  const flush = new Flush(state);
  queue.forEach((item, place) => {
    if (item.kind === "frame" && needsStorage(item)) flush.refuse(item, storageFailed(), place);
    else flush.take(item, place);
  });
  return { ...flush.settled(), failure };
}

/** Stored frames have a messageId; over HTTP an answer promises storage whatever the frame. */
function needsStorage({ frame, answer }: Submission): boolean {
  return "messageId" in frame || answer !== undefined;
}

function storageFailed(): Refusal {
  return refusal("internal", "The room could not store this; nothing changed. Send it again.");
}

class Flush {
  readonly #state: FlushState;
  readonly #outgoing: Outgoing[] = [];
  readonly #closings: Closing[] = [];
  readonly #answers: (() => void)[] = [];
  readonly #typing = new Map<string, boolean>();
  readonly #receipts = new Map<string, number>();
  readonly #view: RoomView;
  #appended = false;
  #receiptPromised = false;
  #receiptsSaved = false;

  constructor(state: FlushState) {
    this.#state = state;
    const { log, dedupe, connections } = state;
    this.#view = {
      get head() {
        return log.head;
      },
      entry: (seq) => log.entry(seq),
      savedId: (userId, messageId, now) => dedupe.savedId(userId, messageId, now),
      isTyping: (id) =>
        id !== undefined && (this.#typing.get(id) ?? connections.get(id)?.typing === true),
    };
  }

  take(item: QueueItem, place: number): void {
    switch (item.kind) {
      case "tell":
        this.#tell(item, place);
        return;
      case "close":
        this.#closings.push(item);
        return;
      case "frame":
        this.#decide(item, place);
        return;
      default:
        assertNever(item);
    }
  }

  refuse(submission: Submission, error: Refusal, place: number): void {
    this.#answer(submission, { ok: false, error }, place);
  }

  /** A receipt alone waits for company, unless an answer over HTTP promises that it is stored. */
  saveReceipts(): void {
    const { log, receipts } = this.#state;
    const unsaved = new Map([...receipts.unsaved, ...this.#receipts]);
    if (unsaved.size === 0 || !(this.#appended || this.#receiptPromised)) return;
    log.saveReceipts(unsaved);
    this.#receiptsSaved = true;
  }

  /** Lets the room's own state follow what was decided. */
  settled(): Settled {
    const { connections, receipts } = this.#state;
    for (const [id, typing] of this.#typing) {
      const connection = connections.get(id);
      if (connection !== undefined) connection.typing = typing;
    }
    for (const [userId, upTo] of this.#receipts) receipts.advance(userId, upTo);
    if (this.#receiptsSaved) receipts.saved();
    return {
      outgoing: this.#outgoing,
      closings: this.#closings,
      answers: this.#answers,
      appended: this.#appended,
    };
  }

  #decide(submission: Submission, place: number): void {
    const decision = decide(submission.frame, submission.actor, this.#view, submission.at);
    if (!decision.ok) {
      this.refuse(submission, decision.error, place);
      return;
    }
    for (const effect of decision.effects) this.#apply(effect, submission, place);
    this.#answer(
      submission,
      decision.saved === undefined ? { ok: true } : { ok: true, saved: decision.saved },
      place,
    );
  }

  #apply(effect: Effect, submission: Submission, place: number): void {
    const { log, dedupe } = this.#state;
    switch (effect.do) {
      case "append":
        log.append(effect.event);
        dedupe.remember(effect.event);
        this.#appended = true;
        this.#outgoing.push({
          audience: { to: "all" },
          frame: EncodedFrame.fromJson(eventFrame(effect.event)),
          place,
          durable: true,
        });
        return;
      case "rewrite":
        log.rewrite(effect.seq, effect.payload, effect.lastEdit);
        return;
      case "erase":
        log.erase(effect.seq, effect.tombstone);
        return;
      case "tell":
        this.#tell(effect, place);
        return;
      case "receipt":
        this.#receipt(effect.userId, effect.upTo, submission, place);
        return;
      case "typing":
        if (effect.connectionId !== undefined) this.#typing.set(effect.connectionId, effect.typing);
        return;
      case "close":
        if (effect.connectionId !== undefined) {
          this.#closings.push({ ...effect, connectionId: effect.connectionId });
        }
        return;
      default:
        assertNever(effect);
    }
  }

  #receipt(userId: string, upTo: number, { actor, at }: Submission, place: number): void {
    if (actor.connectionId === undefined) this.#receiptPromised = true;
    if (upTo <= (this.#receipts.get(userId) ?? this.#state.receipts.upTo(userId))) return;
    this.#receipts.set(userId, upTo);
    const frame = EncodedFrame.of({
      type: "messages_read",
      timestamp: iso(at),
      payload: { userId, upTo },
    });
    this.#tell({ audience: { to: "all" }, frame }, place);
  }

  #tell({ audience, frame }: Telling, place: number): void {
    this.#outgoing.push({ audience, frame, place, durable: false });
  }

  #answer({ actor, frame, at, answer }: Submission, outcome: Outcome, place: number): void {
    if (answer !== undefined) {
      this.#answers.push(() => answer(outcome));
      return;
    }
    const { connectionId } = actor;
    const told = answerFrame("messageId" in frame ? frame.messageId : undefined, outcome, at);
    if (told !== undefined) {
      this.#tell({ audience: { to: "connection", connectionId }, frame: told }, place);
    }
  }
}

/** The frame that answers a connection; a success without a messageId needs none. */
export function answerFrame(
  messageId: string | undefined,
  outcome: Outcome,
  at: number,
): EncodedFrame | undefined {
  const timestamp = iso(at);
  if (messageId === undefined) {
    return outcome.ok
      ? undefined
      : EncodedFrame.of({ type: "error", timestamp, payload: outcome.error });
  }
  if (!outcome.ok) {
    const payload = { success: false, error: outcome.error } as const;
    return EncodedFrame.of({ type: "ack", messageId, timestamp, payload });
  }
  return outcome.saved === undefined
    ? undefined
    : EncodedFrame.of({
        type: "ack",
        messageId,
        timestamp,
        payload: { success: true, ...outcome.saved },
      });
}
