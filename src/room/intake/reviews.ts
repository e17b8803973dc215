import type { Refusal } from "../../protocol/error.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { OUR_FAULT } from "../../protocol/refusals.ts";
import { actorOf } from "../connections/connection.ts";
import { fingerprintOf } from "../dedupe/fingerprint.ts";
import { nameOf } from "../dedupe/name.ts";
import { answerFrame } from "../flush/outcome.ts";
import type { Submission } from "../flush/queue.ts";
import { isStoredFrame } from "../frame.ts";
import type { Verdict } from "../hooks/review.ts";
import type { RoomCore } from "../room-core.ts";
import { banOf } from "../store/bans.ts";
import { Held, LINE_FULL, REVIEWS_BUSY } from "./held.ts";
import type { Intake } from "./intake.ts";

/** What one connection said since a frame of its went to a review, in order; or one request. */
interface Line {
  readonly connectionId: string | undefined;
  readonly waiting: Submission[];
  /** Whether its connection was sent away: nothing that waits is queued any more. */
  isDropped: boolean;
  /** Why what waits is refused whose sender is not connected. */
  disowned: Refusal | undefined;
}

/** A frame whose verdict is awaited. */
interface Asked {
  readonly submission: Submission;
  readonly line: Line;
}

/**
 * The way of frames to the queue, by the reviewer where a kind has one. What a connection says after a
 * frame that is looked at waits behind it; nobody else does. A repeat of what is stored needs no look,
 * and one sent twice meanwhile is looked at once.
 */
export class Reviews {
  readonly #core: RoomCore;
  readonly #intake: Intake;
  readonly #held = new Held();
  /** Those of connections, by their ids. */
  readonly #lines = new Map<string, Line>();
  /** Who waits for one and the same verdict, by what was asked. */
  readonly #asked = new Map<string | symbol, readonly Asked[]>();
  /** What was let through and is not stored yet, so that a repeat of it is not looked at again. */
  readonly #verdicts = new Map<string | symbol, Verdict>();

  constructor(core: RoomCore, intake: Intake) {
    this.#core = core;
    this.#intake = intake;
  }

  /** Whether no verdict is awaited. */
  get isIdle(): boolean {
    return this.#asked.size === 0;
  }

  /** Takes a checked frame: to the queue, or to wait for its verdict or its turn. */
  submit(submission: Submission): void {
    const { reviewer } = this.#core;
    const { actor, frame, at } = submission;
    const { connectionId } = actor;
    const before = connectionId === undefined ? undefined : this.#lines.get(connectionId);
    if (before === undefined && reviewer?.takes(frame, actor) !== true) {
      this.#intake.submit(submission);
      return;
    }
    if (before !== undefined && submission.isConflated) this.#replace(submission, before);
    const isLong = before !== undefined && before.waiting.length >= BOUNDS.reviewLineFrames;
    const error = isLong ? LINE_FULL : this.#held.refuses(submission);
    if (error !== undefined) {
      this.#refuse(submission, error, at);
      return;
    }
    this.#held.take(submission);
    if (before !== undefined) {
      before.waiting.push(submission);
      return;
    }
    const line: Line = {
      connectionId,
      waiting: [submission],
      isDropped: false,
      disowned: undefined,
    };
    if (connectionId !== undefined) this.#lines.set(connectionId, line);
    this.#proceed(line, at);
  }

  /** A connection is sent away: what it said and is not queued yet will not be. */
  drop(connectionId: string): void {
    const line = this.#lines.get(connectionId);
    if (line === undefined) return;
    line.isDropped = true;
    for (const submission of line.waiting.splice(0)) this.#held.release(submission);
    this.#lines.delete(connectionId);
  }

  /**
   * By what somebody was here is void, or is asked anew: a connection is seen to, but nobody vouches
   * any more for what was said by request, or by who has left when its verdict comes.
   *
   * @param userId whose; everybody's when absent.
   */
  disown(userId: string | undefined, error: Refusal): void {
    for (const { submission, line } of [...this.#asked.values()].flat()) {
      if (userId === undefined || submission.actor.userId === userId) line.disowned ??= error;
    }
  }

  /** What was let through is stored, or was refused. */
  flushed(): void {
    if (this.#verdicts.size > 0) this.#verdicts.clear();
  }

  /** The room ends: whoever waits for an answer is told why. Verdicts that come later are of no use. */
  end(error: Refusal): void {
    for (const asked of this.#asked.values()) {
      for (const { submission } of asked) submission.answer?.({ ok: false, error });
    }
    this.#asked.clear();
    this.#lines.clear();
    this.#verdicts.clear();
  }

  /** Leaves out what waits in a line and is older than what only the newest of counts. */
  #replace({ frame }: Submission, { waiting }: Line): void {
    const isOlder = (one: Submission) => one.isConflated === true && one.frame.type === frame.type;
    const index = waiting.findIndex(isOlder);
    if (index === -1) return;
    for (const older of waiting.splice(index, 1)) this.#held.release(older);
  }

  /** Queues what is at the head of a line, until something of it has to be looked at. */
  #proceed(line: Line, now: number): void {
    for (let next = line.waiting.shift(); next !== undefined; next = line.waiting.shift()) {
      if (this.#isAsked({ submission: next, line }, now)) return;
    }
    if (line.connectionId !== undefined) this.#lines.delete(line.connectionId);
  }

  /** Whether a frame now waits for its verdict; else it is queued or refused. */
  #isAsked({ submission: said, line }: Asked, now: number): boolean {
    const { reviewer } = this.#core;
    const submission = this.#current(said);
    const asked = { submission, line };
    const { frame, actor } = submission;
    if (reviewer === undefined || !reviewer.takes(frame, actor) || this.#isKnown(submission, now)) {
      this.#pass(asked, { ok: true, payload: frame.payload }, now);
      return false;
    }
    const key = keyOf(submission);
    const told = this.#verdicts.get(key);
    if (told !== undefined) {
      this.#pass(asked, told, now);
      return false;
    }
    const others = this.#asked.get(key);
    if (others !== undefined) {
      this.#asked.set(key, [...others, asked]);
      return true;
    }
    if (this.#asked.size >= BOUNDS.reviewsAtOnce) {
      this.#held.release(submission);
      this.#refuse(submission, REVIEWS_BUSY, now);
      return false;
    }
    this.#asked.set(key, [asked]);
    reviewer.ask(frame, actor, (verdict, at) => this.#told(key, verdict, at));
    return true;
  }

  /**
   * Whether it is a repeat for sure: the flush answers that, whatever a review would say today. What may
   * yet turn out to be new is looked at.
   */
  #isKnown({ frame, actor }: Submission, now: number): boolean {
    if (!isStoredFrame(frame)) return false;
    const { messageId, sentAt } = frame;
    const { userId } = actor;
    const asked = { userId, messageId, sentAt, at: now, backend: actor.backend === true };
    try {
      const known = this.#core.state.requests.recall([asked], now).get(nameOf(asked));
      return known?.kind === "accepted";
    } catch (failure) {
      this.#core.failures.push(failure);
      return false;
    }
  }

  #told(key: string | symbol, verdict: Verdict, now: number): void {
    const all = this.#asked.get(key);
    if (all === undefined) return;
    this.#asked.delete(key);
    if (verdict.ok) this.#verdicts.set(key, verdict);
    for (const { submission, line } of all) {
      if (line.isDropped) this.#held.release(submission);
      else {
        this.#guarded({ submission: this.#current(submission), line }, verdict, now);
        this.#proceed(line, now);
      }
    }
  }

  /** With its sender as they are by now: what they may do can have changed while it waited (P14.4). */
  #current(submission: Submission): Submission {
    const connection = this.#core.roster.open(submission.actor.connectionId ?? "");
    return connection === undefined ? submission : { ...submission, actor: actorOf(connection) };
  }

  /** What fails here harms its own frame alone: others wait for the same verdict, and behind it. */
  #guarded(asked: Asked, verdict: Verdict, now: number): void {
    try {
      this.#pass(asked, verdict, now);
    } catch (failure) {
      this.#core.failures.push(failure);
      this.#refuse(asked.submission, OUR_FAULT, now);
    }
  }

  /** Does what a verdict says. */
  #pass({ submission, line: { disowned } }: Asked, verdict: Verdict, now: number): void {
    this.#held.release(submission);
    const { frame, actor } = submission;
    const { roster, store } = this.#core;
    const { connectionId = "", userId, backend } = actor;
    const isHere = roster.open(connectionId) !== undefined;
    // What is not stored was for the others to see of somebody who is here.
    if (connectionId !== "" && !isHere && !isStoredFrame(frame)) return;
    const shut = banOf(store.bans, userId, now) ?? (isHere ? undefined : disowned);
    const error = verdict.ok ? (backend === true ? undefined : shut) : verdict.error;
    if (error !== undefined) this.#refuse(submission, error, now);
    else if (verdict.ok) this.#queue(submission, verdict.payload, now);
  }

  #queue(submission: Submission, payload: unknown, now: number): void {
    const { frame } = submission;
    const reviewed =
      payload === frame.payload ? {} : { frame: { ...frame, payload }, asked: frame };
    this.#intake.submit({ ...submission, ...reviewed, at: now });
  }

  #refuse(submission: Submission, error: Refusal, now: number): void {
    const { actor, answer } = submission;
    const { counters, queue } = this.#core;
    counters.refused(error.code);
    const outcome = { ok: false, error } as const;
    answer?.(outcome);
    const frame = answerFrame(submission, outcome, now);
    const { connectionId } = actor;
    if (frame === undefined || answer !== undefined) return;
    queue.push({ kind: "tell", audience: { to: "connection", connectionId }, frame });
  }
}

/** Names what was asked: the same request has the same name, another one under its key has not. */
function keyOf({ frame, actor: { userId } }: Submission): string | symbol {
  if (!isStoredFrame(frame)) return Symbol(frame.type);
  return `${fingerprintOf(frame)}:${nameOf({ userId, messageId: frame.messageId })}`;
}
