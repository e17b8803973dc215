import { Bundle } from "../protocol/bundle.ts";
import type { EncodedFrame } from "../protocol/encoded-frame.ts";
import type { Refusal } from "../protocol/error.ts";
import { iso } from "../protocol/iso.ts";
import { BOUNDS } from "../protocol/limits.ts";
import { REQUEST_FAILED } from "../protocol/refusals.ts";
import { type Connection, isExpired } from "./connections/connection.ts";
import type { Due } from "./connections/due.ts";
import type { Counters } from "./counting/counters.ts";
import { answerFrame, CLOSED_BEFORE } from "./flush/outcome.ts";
import type { Queue, Submission } from "./flush/queue.ts";
import type { RoomClock } from "./hooks/clock.ts";
import type { GuardedRoom } from "./hooks/guarded-room.ts";
import type { Outlet } from "./outlet/outlet.ts";
import type { Roster } from "./presence/roster.ts";
import { TickAnswers } from "./tick-answers.ts";

/** What the clock of a room works with. */
interface TickingParts {
  readonly special: Pick<GuardedRoom, "clock" | "guarded">;
  readonly roster: Pick<Roster, "open">;
  readonly counters: Counters;
  readonly outlet: Outlet;
  readonly due: Due;
  readonly queue: Queue;
}

/**
 * The clock of a room whose kind has one: when it is due, and who is told what of a tick. Nothing of
 * that goes by the queue or the log. Whoever does not read is passed over, and told all when it does.
 * A clock whose code fails is asked no more: it would fail with each tick.
 * Every `now` is milliseconds since the epoch.
 */
export class Ticking {
  readonly #core: TickingParts;
  /** Those who are told; by whose eyes they know all that was told before, if they do. */
  readonly #inStep = new Map<Connection, object | undefined>();
  readonly #answers = new TickAnswers();
  #isBroken = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(core: TickingParts) {
    this.#core = core;
  }

  /** When a tick is due; `undefined` while none is. */
  get dueAt(): number | undefined {
    return this.#ask<number | undefined>(undefined, (clock) => clock.dueAt);
  }

  /** Whether somebody who is gone is waited for. */
  isWaiting(now: number): boolean {
    return this.#ask(false, (clock) => clock.waitsUntil > now);
  }

  /** Somebody is here. A poll is gone before there is something to tell. */
  enter(connection: Connection, now: number): void {
    if (connection.session.transport === "poll") return;
    this.#ask(undefined, (clock) => {
      this.#inStep.set(connection, undefined);
      clock.enter(connection, now);
    });
  }

  /** Somebody is gone, which it may not have meant to. */
  leave(connection: Connection, mayComeBack: boolean, now: number): void {
    this.#answers.forget(connection);
    if (!this.#inStep.delete(connection)) return;
    this.#ask(undefined, (clock) => {
      clock.leave(connection, mayComeBack, now);
      if (clock.dueAt === undefined) this.#core.due.by(clock.waitsUntil);
    });
    this.keep();
  }

  /** Nothing more is heard of a connection, which is about to be closed: no tick will count what it said. */
  hush(connection: Connection, now: number): void {
    this.#answer(connection, CLOSED_BEFORE.error, now);
  }

  /**
   * Takes what a connection says to the clock; false when it is not for that. The tick that it counts
   * from answers it, unless it is refused.
   */
  takes({ frame, messageId, actor, at }: Submission): boolean {
    const { roster, counters, outlet } = this.#core;
    const connection = roster.open(actor.connectionId ?? "");
    if (connection === undefined) return false;
    if (!this.#ask(false, (clock) => clock.hears(frame.type))) return false;
    const error = this.#ask<Refusal | undefined>(REQUEST_FAILED, (clock) =>
      clock.hear(frame, connection, at),
    );
    if (error === undefined) {
      if (messageId !== undefined) this.#answers.owe(connection, messageId);
      return true;
    }
    counters.refused(error.code);
    const answer = answerFrame({ messageId }, { ok: false, error }, at);
    if (answer !== undefined) outlet.sendNow(connection, [answer], at);
    return true;
  }

  /** Does what is due and tells it; whether there was anything. */
  tick(now: number): boolean {
    const hasTicked = this.#ask(false, (clock) => {
      const { skippedTicks } = clock.standing;
      if (!clock.tick(now)) return false;
      this.#core.counters.skipped(clock.standing.skippedTicks - skippedTicks);
      const answered = this.#tell(clock, now);
      for (const { connectionIds, error } of clock.takeWronged()) {
        for (const id of connectionIds) {
          if (answered.get(id) !== error) this.#wrong(id, error, now);
        }
      }
      this.keep();
      return true;
    });
    if (!this.#isBroken) return hasTicked;
    for (const connection of this.#answers.connections) {
      this.#answer(connection, REQUEST_FAILED, now);
    }
    return hasTicked;
  }

  /** Has a flush store what the clock wants kept. */
  keep(): void {
    const hasUnsaved = this.#ask(false, (clock) => clock.hasUnsaved);
    if (hasUnsaved) this.#core.queue.push({ kind: "save-kind" });
  }

  /** Whether it is time to look for those who do not read, which a tick is too often for. */
  isLookDue(now: number): boolean {
    const isSoon = Math.abs(now - this.#lookedAt) < BOUNDS.catchUpLookMs;
    if (isSoon && !this.#core.outlet.mayRecall) return false;
    this.#lookedAt = now;
    return true;
  }

  /** Asks the clock, if there is one. */
  #ask<T>(otherwise: T, work: (clock: RoomClock) => T): T {
    const { special } = this.#core;
    const { clock } = special;
    if (this.#isBroken || clock === undefined) return otherwise;
    return special.guarded(otherwise, () => {
      try {
        return work(clock);
      } catch (failure) {
        this.#isBroken = true;
        throw failure;
      }
    });
  }

  /** Tells all what a tick changed, and answers what it counts; whose of that it refuses, and why. */
  #tell(clock: RoomClock, now: number): ReadonlyMap<string, Refusal> {
    const { counters, outlet } = this.#core;
    const refused = new Map<string, Refusal>();
    const outcomeOf = (connection: Connection) => {
      const outcome = clock.outcomeOf(connection);
      if ("code" in outcome) {
        counters.refused(outcome.code);
        refused.set(connection.id, outcome);
      }
      return outcome;
    };
    const bundles = new Map<EncodedFrame, Bundle>();
    const bundleOf = (frame: EncodedFrame) => {
      const bundle = bundles.get(frame) ?? new Bundle([frame], iso(now));
      bundles.set(frame, bundle);
      return bundle;
    };
    // A crowd has no more to read together than a room may hold.
    const unreadBytes = Math.min(clock.unreadBytes, BOUNDS.unreadTotalBytes / this.#inStep.size);
    for (const [connection, before] of this.#inStep) {
      const own = this.#answers.take(connection, outcomeOf, now);
      const hears = connection.state === "open" && !isExpired(connection, now);
      if (!hears || outlet.isBehind(connection, unreadBytes, now)) {
        if (before !== undefined) this.#inStep.set(connection, undefined);
        if (own.length > 0) outlet.sendNow(connection, own, now);
        continue;
      }
      const standpoint = clock.standpointOf(connection);
      const isInStep = before === standpoint.view;
      if (!isInStep) this.#inStep.set(connection, standpoint.view);
      // The whole is made when it is asked for.
      const bundle = bundleOf(isInStep ? standpoint.told : standpoint.whole);
      outlet.tellNow(connection, bundle.messages(connection.session.wire, own), now);
    }
    return refused;
  }

  /** Answers what no tick will. */
  #answer(connection: Connection, error: Refusal, now: number): void {
    const frames = this.#answers.take(connection, () => error, now);
    if (frames.length > 0) this.#core.outlet.sendNow(connection, frames, now);
  }

  #wrong(id: string, error: Refusal, now: number): void {
    const { roster, counters, outlet } = this.#core;
    const connection = roster.open(id);
    const frame = answerFrame({}, { ok: false, error }, now);
    if (connection === undefined || frame === undefined) return;
    counters.refused(error.code);
    outlet.sendNow(connection, [frame], now);
  }
}
