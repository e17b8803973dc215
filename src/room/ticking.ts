import { Bundle } from "../protocol/bundle.ts";
import type { EncodedFrame } from "../protocol/encoded-frame.ts";
import type { Refusal } from "../protocol/error.ts";
import { iso } from "../protocol/iso.ts";
import { BOUNDS } from "../protocol/limits.ts";
import { type Connection, isExpired } from "./connections/connection.ts";
import type { Due } from "./connections/due.ts";
import type { Counters } from "./counters.ts";
import { answerFrame } from "./flush/outcome.ts";
import type { Queue, Submission } from "./flush/queue.ts";
import type { GuardedRoom } from "./hooks/guarded-room.ts";
import type { Outlet } from "./outlet/outlet.ts";
import type { Roster } from "./presence/roster.ts";

/** What the clock of a room works with. */
interface TickingParts {
  readonly special: Pick<GuardedRoom, "clock">;
  readonly roster: Pick<Roster, "open">;
  readonly counters: Counters;
  readonly outlet: Outlet;
  readonly due: Due;
  readonly queue: Queue;
}

/**
 * The clock of a room whose kind has one: when it is due, and who is told what of a tick. Nothing of
 * that goes by the queue or the log. Whoever does not read is passed over, and told all when it does.
 * Every `now` is milliseconds since the epoch.
 */
export class Ticking {
  readonly #core: TickingParts;
  /** Those who are told; whether they know all that was told before. */
  readonly #isInStep = new Map<Connection, boolean>();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(core: TickingParts) {
    this.#core = core;
  }

  /** When a tick is due; `undefined` while none is. */
  get dueAt(): number | undefined {
    return this.#clock?.dueAt;
  }

  /** Whether somebody who is gone is waited for. */
  isWaiting(now: number): boolean {
    return (this.#clock?.waitsUntil ?? Number.NEGATIVE_INFINITY) > now;
  }

  /** Somebody is here. A poll is gone before there is something to tell. */
  enter(connection: Connection, now: number): void {
    if (this.#clock === undefined || connection.session.transport === "poll") return;
    this.#isInStep.set(connection, false);
    this.#clock.enter(connection, now);
  }

  /** Somebody is gone, which it may not have meant to. */
  leave(connection: Connection, mayComeBack: boolean, now: number): void {
    const { due } = this.#core;
    if (this.#clock === undefined || !this.#isInStep.delete(connection)) return;
    this.#clock.leave(connection, mayComeBack, now);
    if (this.dueAt === undefined) due.by(this.#clock.waitsUntil);
    this.#keep();
  }

  /** Takes what a connection says to the clock; false when it is not for that. */
  takes({ frame, messageId, actor, at }: Submission): boolean {
    const { roster, counters, outlet } = this.#core;
    if (this.#clock?.hears(frame.type) !== true) return false;
    const connection = roster.open(actor.connectionId ?? "");
    if (connection === undefined) return false;
    const error = this.#clock.hear(frame, connection);
    if (error !== undefined) counters.refused(error.code);
    const outcome = error === undefined ? ({ ok: true } as const) : ({ ok: false, error } as const);
    const answer = answerFrame({ messageId }, outcome, at);
    if (answer !== undefined) outlet.sendNow(connection, [answer], at);
    return true;
  }

  /** Does what is due and tells it; whether there was anything. */
  tick(now: number): boolean {
    const clock = this.#clock;
    if (clock === undefined || !clock.tick(now)) return false;
    this.#tell(now);
    for (const { connectionIds, error } of clock.takeWronged()) {
      for (const id of connectionIds) this.#wrong(id, error, now);
    }
    this.#keep();
    return true;
  }

  /** Whether it is time to look for those who do not read, which a tick is too often for. */
  isLookDue(now: number): boolean {
    if (Math.abs(now - this.#lookedAt) < BOUNDS.catchUpLookMs) return false;
    this.#lookedAt = now;
    return true;
  }

  get #clock() {
    return this.#core.special.clock;
  }

  #tell(now: number): void {
    const { outlet } = this.#core;
    const bundles = new Map<EncodedFrame, Bundle>();
    const bundleOf = (frame: EncodedFrame) => {
      const bundle = bundles.get(frame) ?? new Bundle([frame], iso(now));
      bundles.set(frame, bundle);
      return bundle;
    };
    for (const [connection, isInStep] of this.#isInStep) {
      if (connection.state !== "open" || isExpired(connection, now)) continue;
      const standpoint = this.#clock?.standpointOf(connection);
      const isBehind = outlet.isBehind(connection, this.#clock?.unreadBytes ?? 0, now);
      if (standpoint === undefined || isBehind) {
        this.#isInStep.set(connection, false);
        continue;
      }
      const frame = isInStep ? standpoint.told : standpoint.whole;
      outlet.tellNow(connection, bundleOf(frame).messages(connection.session.wire), now);
      if (!isInStep) this.#isInStep.set(connection, true);
    }
  }

  #wrong(id: string, error: Refusal, now: number): void {
    const { roster, counters, outlet } = this.#core;
    const connection = roster.open(id);
    const frame = answerFrame({}, { ok: false, error }, now);
    if (connection === undefined || frame === undefined) return;
    counters.refused(error.code);
    outlet.sendNow(connection, [frame], now);
  }

  /** Has a flush store what the kind wants kept. */
  #keep(): void {
    if (this.#clock?.hasUnsaved === true) this.#core.queue.push({ kind: "save-kind" });
  }
}
