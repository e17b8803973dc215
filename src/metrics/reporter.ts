import * as z from "zod";
import { addCounts, type Counts, countsSchema, NO_COUNTS } from "./counts.ts";
import { EMPTY, gaugeAt, gaugeSchema, isStale, renewAt } from "./gauge.ts";
import type { Keep } from "./keep.ts";
import type { MetricsApi, Report } from "./report.ts";

/** How long a report that failed waits when nothing new calls for one. */
const RETRY_MS = 5 * 60_000;

const keptSchema = z.object({
  totals: countsSchema.default(NO_COUNTS),
  peak: z.number().default(0),
  /** What the shard does not have yet. */
  unreported: countsSchema.optional(),
  /** What the shard was told last. */
  gauge: gaugeSchema.default(EMPTY),
});

/** A room's counting, as its reporter sees it. */
export interface Counting {
  readonly hasCounted: boolean;
  readonly counts: Counts;
  readonly peak: number;
  /** Hands over what was counted, and begins anew. */
  take(): Counts;
}

/** What a reporter works with. */
export interface ReporterParts {
  readonly counting: Counting;
  /** Connections right now. */
  readonly connections: () => number;
  readonly keep: Keep;
  /** Whether it is a Yjs document's. */
  readonly isDocument?: true;
  /** At most one report in this time; 0 turns it off. */
  readonly everyMs: number;
  /** Where to report; `undefined` where there is no such place, and only the totals are kept. */
  readonly shard: Pick<MetricsApi, "report"> | undefined;
  readonly journal: {
    /** A report arrived. */
    reported(report: Report): void;
    /** A report did not arrive, or the totals were not kept. */
    error(where: "metrics", error: unknown): void;
  };
}

/** A room's numbers from its first day on. */
export interface Numbers {
  readonly totals: Counts;
  readonly peak: number;
}

/**
 * Reports what a room counted, and keeps its totals, soon after something happened and never by a
 * timer: whoever owns it has it {@link note} what happened, wakes by {@link dueAt} and calls
 * {@link run}. It must be awake within 10 s, for then a quiet room hibernates and forgets: what is
 * counted but not noted goes with the next report before that, or is lost. Every `now` is
 * milliseconds since the epoch.
 *
 * A room in which anything happens pays, once per `everyMs`, for two requests (the alarm and the
 * report) and three written rows: the alarm, the totals, and the later alarm that stood before, set
 * again. That is $3.30 a million (PLATFORM, Money). Its shard adds one row, $1.00, or shares two rows
 * and an alarm, $2.15, among all rooms that report within the same 8 s.
 */
export class Reporter {
  readonly #parts: ReporterParts;
  #kept: z.output<typeof keptSchema>;
  #due: number | undefined;
  /** Set while a report is on its way: what it tells is no news, and no other may tell it. */
  #isReporting = false;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: ReporterParts) {
    this.#parts = parts;
    this.#kept = keptSchema.parse(parts.keep.load() ?? {});
  }

  /** Everything so far, what is not kept yet included. */
  get numbers(): Numbers {
    const { counting, connections } = this.#parts;
    return {
      totals: addCounts(this.#kept.totals, counting.counts),
      peak: Math.max(this.#kept.peak, counting.peak, connections()),
    };
  }

  /** Notes what has happened since it was last asked, and so when to report it. */
  note(now: number): void {
    const { counting, everyMs } = this.#parts;
    if (everyMs === 0) return;
    // Also brings forward the retry of a report that failed: that one is kept, the news is not.
    if (counting.hasCounted) this.#due = Math.min(this.#due ?? Infinity, now + everyMs);
    else if (!this.#isReporting && this.#hasNews) this.#due ??= now + everyMs;
  }

  /**
   * When {@link run} must run next; `undefined` when nothing that was noted calls for it. While a
   * report is on its way that may change: it is to be asked again afterwards.
   */
  get dueAt(): number | undefined {
    const { everyMs, shard } = this.#parts;
    if (everyMs === 0) return undefined;
    const renews = shard !== undefined && !this.#isReporting;
    return this.#due ?? (renews ? renewAt(this.#kept.gauge) : undefined);
  }

  /** Reports if that is due. */
  async run(now: number): Promise<void> {
    const { everyMs, shard } = this.#parts;
    if (everyMs === 0 || this.#isReporting) return;
    const isDue = this.#due !== undefined && this.#due <= now;
    const isRenewal = shard !== undefined && isStale(this.#kept.gauge, now);
    if (!isDue && !(isRenewal && this.#due === undefined)) return;
    this.#due = undefined;
    if (!isRenewal && !this.#hasNews) return;
    await this.#reportAlone(now);
  }

  /**
   * Reports at once what no alarm is set for, because the room is left and has no storage. At most
   * one such report in `everyMs`, except for one that takes back connections; what is counted in
   * between goes with the next, or is lost when the room sleeps.
   */
  async settle(now: number): Promise<void> {
    const { everyMs, shard, connections } = this.#parts;
    if (everyMs === 0 || shard === undefined || this.#isReporting || !this.#hasNews) return;
    const isOwed = connections() !== this.#kept.gauge.connections;
    // Either way: the clock may have been set back.
    if (!isOwed && Math.abs(now - this.#reportedAt) < everyMs) return;
    this.#due = undefined;
    await this.#reportAlone(now);
  }

  async #reportAlone(now: number): Promise<void> {
    this.#isReporting = true;
    this.#reportedAt = now;
    try {
      await this.#report(now);
    } finally {
      this.#isReporting = false;
    }
  }

  get #hasNews(): boolean {
    const { counting, connections } = this.#parts;
    const { unreported, gauge } = this.#kept;
    return counting.hasCounted || unreported !== undefined || connections() !== gauge.connections;
  }

  async #report(now: number): Promise<void> {
    const { counting, connections } = this.#parts;
    const hadCounted = counting.hasCounted;
    const { peak } = this.numbers;
    const counts = counting.take();
    const { gauge: before, unreported: late = NO_COUNTS } = this.#kept;
    const after = gaugeAt(connections(), now);
    const unreported = addCounts(late, counts);
    this.#kept = { ...this.#kept, totals: addCounts(this.#kept.totals, counts), peak, unreported };
    const sent = await this.#send({ counts: unreported, gauge: { before, after } });
    if (sent) this.#kept = { ...this.#kept, unreported: undefined, gauge: after };
    // A retry that failed again has told nothing that is not written down already.
    if (hadCounted || sent) this.#save();
    // What was counted meanwhile is noted by its owner. A lone message must not pay for an alarm
    // that finds nothing.
    if (!sent) this.#due ??= now + RETRY_MS;
  }

  async #send(report: Report): Promise<boolean> {
    const { shard, journal, isDocument } = this.#parts;
    try {
      await shard?.report(isDocument === undefined ? report : { ...report, isDocument });
      journal.reported(report);
      return true;
    } catch (error) {
      journal.error("metrics", error);
      return false;
    }
  }

  /** Totals are no reason for an alarm to fail, and with it everything else that it does. */
  #save(): void {
    const { keep, journal } = this.#parts;
    try {
      keep.save(this.#kept);
    } catch (error) {
      journal.error("metrics", error);
    }
  }
}
