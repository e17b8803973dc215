import { DurableObject } from "cloudflare:workers";
import type { Keep } from "../metrics/keep.ts";
import { Ledger } from "../metrics/ledger.ts";
import { type MetricsApi, type Report, reportSchema, type Snapshot } from "../metrics/report.ts";
import { openLedger } from "../storage/sql-keep.ts";
import { DurableDatabase } from "./durable-database.ts";
import { AlarmClock } from "./host/alarm-clock.ts";

/**
 * How long a report may wait for company before it is written: a quiet object hibernates after 10 s.
 * One that follows such a silence is written at once: a lone room's report needs no alarm then.
 */
const SAVE_AFTER_MS = 8_000;

/** One shard of the metrics: adds up what its rooms report, and writes it down now and then. */
export class MetricsObject extends DurableObject<object> implements MetricsApi {
  readonly #keep: Keep;
  readonly #alarm: AlarmClock;
  readonly #ledger: Ledger;
  #isSaved = true;
  /** Milliseconds since the epoch; an earlier life's is long ago. */
  #savedAt = 0;

  constructor(ctx: DurableObjectState, env: object) {
    super(ctx, env);
    this.#keep = openLedger(new DurableDatabase(ctx.storage));
    this.#ledger = new Ledger(this.#keep.load());
    this.#alarm = new AlarmClock(ctx.storage);
    void ctx.blockConcurrencyWhile(() => this.#alarm.load(Date.now()));
  }

  async report(report: Report): Promise<void> {
    const now = Date.now();
    this.#ledger.take(reportSchema.parse(report), now);
    this.#isSaved = false;
    if (now - this.#savedAt >= SAVE_AFTER_MS) this.#save(now);
    else await this.#alarm.wakeBy(now, now + SAVE_AFTER_MS);
  }

  /** Nothing is shown before it is kept: a counter that falls back looks like a restart from zero. */
  async snapshot(): Promise<Snapshot> {
    const now = Date.now();
    this.#save(now);
    return this.#ledger.snapshot(now);
  }

  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    this.#alarm.wentOff(info?.scheduledTime);
    this.#save(Date.now());
  }

  #save(now: number): void {
    if (this.#isSaved) return;
    this.#keep.save(this.#ledger.state(now));
    this.#isSaved = true;
    this.#savedAt = now;
  }
}
