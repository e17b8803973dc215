import { assertNever } from "../../protocol/assert-never.ts";
import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import type { ErrorCode, Refusal } from "../../protocol/error.ts";
import { iso } from "../../protocol/iso.ts";
import type { Audit } from "../../protocol/log-line.ts";
import { REQUEST_FAILED } from "../../protocol/refusals.ts";
import type { Actor } from "../actor.ts";
import { fingerprintOf } from "../dedupe/fingerprint.ts";
import { nameOf } from "../dedupe/name.ts";
import type { Known, Recollection } from "../dedupe/request-memory.ts";
import { isStoredFrame, type RoomFrame } from "../frame.ts";
import type { Decision } from "../hooks/decision.ts";
import type { Effect, Outgoing, Telling } from "../hooks/effect.ts";
import { hooksIn } from "../hooks/rule-failure.ts";
import type { LogEvent } from "../log/log.ts";
import { StorageError } from "../store/storage-error.ts";
import { newestOfConflated } from "./conflation.ts";
import { decide } from "./decide.ts";
import { Dispatch } from "./dispatch.ts";
import { needsStorage } from "./needs-storage.ts";
import { answerFrame, type CarriedOut, CLOSED_BEFORE } from "./outcome.ts";
import type { WaitingQuery } from "./questions.ts";
import type { Closing, QueueItem, Submission } from "./queue.ts";
import type { RoomState } from "./room-state.ts";
import type { Unanswered } from "./settled.ts";

/**
 * One flush in the making. Storage changes at once, inside the caller's transaction; the room's own
 * memory follows in {@link settled}, once that stands.
 */
export class Flush {
  readonly #state: RoomState;
  readonly #refusal: Refusal | undefined;
  readonly #outgoing: Outgoing[] = [];
  readonly #closings: Closing[] = [];
  readonly #answers: (() => void)[] = [];
  readonly #queries: WaitingQuery[] = [];
  readonly #refused: ErrorCode[] = [];
  readonly #failures: unknown[] = [];
  readonly #audits: Audit[] = [];
  /** What this flush itself has accepted, by {@link nameOf}. */
  readonly #accepted = new Map<string, Extract<Known, { readonly kind: "accepted" }>>();
  readonly #receipts = new Map<string, number>();
  readonly #known: Recollection;
  /** Connections that are to be closed because of a frame: what follows it comes from nobody. */
  readonly #closed: Set<string>;
  readonly #dispatch: Dispatch;
  #lastPlace = 0;
  #saveReceipts = false;
  #receiptsSaved = false;

  /**
   * @param known what is known of the requests that wait in it.
   * @param closed connections that an earlier flush of the same batch has decided to close.
   * @param refusal of what needs storage, after a failed transaction; then nothing is stored.
   */
  constructor(state: RoomState, known: Recollection, closed: Iterable<string>, refusal?: Refusal) {
    this.#state = state;
    this.#dispatch = new Dispatch(state);
    this.#refusal = refusal;
    this.#known = known;
    this.#closed = new Set(closed);
  }

  take(item: QueueItem, place: number): void {
    this.#lastPlace = place;
    switch (item.kind) {
      case "tell":
        this.#tell(item, place);
        return;
      case "close":
        this.#closings.push(item);
        return;
      case "save-receipts":
        this.#saveReceipts = true;
        return;
      case "save-kind":
        return;
      case "occupancy":
        if (this.#refusal === undefined) this.#state.store.occupancy.mark(item.isOccupied);
        return;
      case "frame":
        this.#settle(item, place);
        return;
      default:
        assertNever(item);
    }
  }

  /** Writes what several frames of the flush share. */
  save(now: number): void {
    const { store, receipts, requests, special } = this.#state;
    if (this.#accepted.size > 0) requests.save();
    special.save(now);
    // A receipt alone waits for company, unless it has nowhere to wait.
    const unsaved = new Map([...receipts.unsaved, ...this.#receipts]);
    if (unsaved.size === 0 || !(this.#accepted.size > 0 || this.#saveReceipts)) return;
    store.receipts.save(unsaved);
    this.#receiptsSaved = true;
  }

  /** Lets the room's own state follow what was decided. */
  settled(now: number): Unanswered {
    const { receipts, requests } = this.#state;
    if (this.#accepted.size > 0) requests.saved();
    for (const { accepted } of this.#accepted.values()) {
      requests.remember(accepted, accepted.seq, now);
    }
    for (const [userId, upTo] of this.#receipts) receipts.advance(userId, upTo);
    if (this.#receiptsSaved) receipts.saved();
    this.#settleKind(now);
    return {
      outgoing: newestOfConflated(this.#outgoing),
      queries: this.#queries,
      closings: this.#closings,
      answers: this.#answers,
      refused: this.#refused,
      blamed: hooksIn(this.#failures),
      appended: this.#accepted.size,
      deliveries: this.#dispatch.deliveries,
      buried: this.#dispatch.buried,
      audits: this.#audits,
      ...(this.#failures.length === 0 ? {} : { failure: this.#failures[0] }),
    };
  }

  /** The transaction stands: whatever fails now, it is not to be settled again. */
  #settleKind(now: number): void {
    try {
      this.#state.special.settled(now);
      for (const telling of this.#state.special.owes()) this.#tell(telling, this.#lastPlace);
    } catch (failure) {
      this.#failures.push(failure);
    }
  }

  #settle(submission: Submission, place: number): void {
    const outcome: CarriedOut = this.#carryOut(submission, place);
    if (outcome.ok || !("despite" in outcome)) {
      this.#answer(submission, outcome, place);
      return;
    }
    const { error, despite = [] } = outcome;
    this.#answer(submission, { ok: false, error }, place);
    this.#doDespite(despite, submission, place);
  }

  #doDespite(effects: readonly Effect[], submission: Submission, place: number): void {
    try {
      for (const effect of effects) this.#apply(effect, submission, place);
    } catch (failure) {
      if (this.#refusal === undefined) throw failure;
      this.#failures.push(failure);
    }
  }

  #carryOut(submission: Submission, place: number): CarriedOut {
    const { connectionId } = submission.actor;
    if (connectionId !== undefined && this.#closed.has(connectionId)) return CLOSED_BEFORE;
    const decision = this.#decide(submission);
    if (!decision.ok) return decision;
    if (decision.answer !== undefined) return { ok: true, answer: decision.answer };
    if (this.#refusal !== undefined && needsStorage(submission, decision)) {
      return { ok: false, error: this.#refusal };
    }
    const told = this.#outgoing.length;
    try {
      for (const effect of decision.effects) this.#apply(effect, submission, place);
    } catch (failure) {
      // What it wrote goes with the transaction, and the others are settled in ones of their own.
      if (this.#refusal === undefined) throw failure;
      this.#failures.push(failure);
      this.#outgoing.length = told;
      return { ok: false, error: REQUEST_FAILED };
    }
    this.#note(decision.failure);
    return {
      ok: true,
      ...(decision.saved === undefined ? {} : { saved: decision.saved }),
      ...(decision.isCounted === true ? { delivered: this.#state.connections.size } : {}),
    };
  }

  #note(failure: unknown): void {
    if (failure === undefined) return;
    this.#failures.push(failure);
    this.#refused.push(REQUEST_FAILED.code);
  }

  /** A decision that throws harms its own frame alone: it has changed nothing yet. */
  #decide({ frame, asked = frame, actor, at }: Submission): Decision {
    try {
      const known = this.#knownOf(frame, actor);
      return decide(frame, actor, this.#state.special, known && { ...known, asked }, at);
    } catch (failure) {
      if (this.#refusal === undefined && failure instanceof StorageError) throw failure;
      this.#failures.push(failure);
      return { ok: false, error: REQUEST_FAILED };
    }
  }

  /** What is known of an earlier request under this one's key. */
  #knownOf(frame: RoomFrame, { userId }: Actor): Known | undefined {
    if (!isStoredFrame(frame)) return undefined;
    const name = nameOf({ userId, messageId: frame.messageId });
    return this.#accepted.get(name) ?? this.#known.get(name);
  }

  #apply(effect: Effect, submission: Submission, place: number): void {
    const { store } = this.#state;
    switch (effect.do) {
      case "append":
        this.#append(effect.event, submission, place);
        return;
      case "rewrite":
        store.log.rewrite(effect.seq, effect.payload, effect.lastEdit);
        return;
      case "erase":
        store.log.erase(effect.seq, effect.tombstone);
        return;
      case "deliver":
        for (const delivery of effect.deliveries) this.#dispatch.add(delivery, submission.at);
        return;
      case "bury":
        this.#dispatch.bury(effect.letter, submission.at);
        return;
      case "audit":
        this.#audits.push(effect.audit);
        return;
      case "change":
        for (const telling of effect.change()) this.#tell(telling, place);
        return;
      case "tell":
        this.#tell(effect, place);
        return;
      case "receipt":
        this.#receipt(effect.userId, effect.upTo, submission, place);
        return;
      case "close":
        if (effect.connectionId !== undefined) {
          this.#closings.push({ ...effect, connectionId: effect.connectionId });
          this.#closed.add(effect.connectionId);
        }
        return;
      default:
        assertNever(effect);
    }
  }

  #append(event: LogEvent, { frame, asked: request = frame }: Submission, place: number): void {
    const { kind, store, special } = this.#state;
    const fingerprint = isStoredFrame(request) ? fingerprintOf(request) : undefined;
    store.log.append({ ...event, fingerprint });
    special.appended(event);
    const { seq, userId, messageId, at } = event;
    const accepted = { seq, userId, messageId, at, fingerprint };
    this.#accepted.set(nameOf(event), { kind: "accepted", accepted });
    const told = EncodedFrame.fromJson(kind.log.frame(event));
    this.#tell({ audience: { to: "all" }, frame: told, owedToNewcomers: true }, place);
    this.#dispatch.tell(event);
  }

  #receipt(userId: string, upTo: number, { actor, at }: Submission, place: number): void {
    // Over HTTP an answer promises it; and a reader that has left keeps nothing for us.
    if (this.#state.connections.get(actor.connectionId ?? "") === undefined) {
      this.#saveReceipts = true;
    }
    if (upTo <= (this.#receipts.get(userId) ?? this.#state.receipts.upTo(userId))) return;
    this.#receipts.set(userId, upTo);
    const frame = EncodedFrame.of({
      type: "messages_read",
      timestamp: iso(at),
      payload: { userId, upTo },
    });
    this.#tell({ audience: { to: "all" }, frame, owedToNewcomers: true }, place);
  }

  #tell(telling: Telling, place: number): void {
    this.#outgoing.push({ ...telling, place });
  }

  #answer(submission: Submission, outcome: CarriedOut, place: number): void {
    const { actor, at, answer } = submission;
    if (!outcome.ok) this.#refused.push(outcome.error.code);
    else if ("answer" in outcome) {
      this.#queries.push({ submission, place, answer: outcome.answer });
      return;
    }
    if (answer !== undefined) {
      this.#answers.push(() => answer(outcome));
      return;
    }
    const told = answerFrame(submission, outcome, at);
    if (told !== undefined) {
      const { connectionId } = actor;
      this.#tell({ audience: { to: "connection", connectionId }, frame: told }, place);
    }
  }
}
