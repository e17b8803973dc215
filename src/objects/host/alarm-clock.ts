/**
 * The furthest that an alarm is set ahead, in milliseconds. The platform refuses dates after 2189
 * (observed on workerd 2026-08-15); waking once a month to look again costs next to nothing.
 */
const HORIZON_MS = 30 * 86_400_000;

/**
 * How late an alarm may be, in milliseconds, before it counts as one that will never go off. Setting
 * it anew while it is only late costs one written row.
 */
const LATE_MS = 5_000;

/** What an object's storage has of its alarm. */
export interface AlarmStorage {
  getAlarm(): Promise<number | null>;
  setAlarm(at: number): Promise<void>;
}

/**
 * The object's one alarm: armed for the earliest that is due, and written only when that moves up.
 *
 * The platform drops an alarm that is set, while one runs, for the very time that is running, and
 * then tells that time for ever as the one it is armed for (workerd#6866, cloudflare-docs#18324). A
 * time with a fraction goes off at the whole millisecond before, and so leads straight there. Hence
 * only whole milliseconds are set, always later than now and never the time that is running; and a
 * time that has long passed is not believed to be armed.
 */
export class AlarmClock {
  readonly #storage: AlarmStorage;
  #armedFor: number | undefined;
  #hasTrace = false;
  /** The time for which the newest alarm that went off had been set. */
  #wentOffFor: number | undefined;

  constructor(storage: AlarmStorage) {
    this.#storage = storage;
  }

  /** Whether the storage may hold something of an alarm, be it of one that went off. */
  get hasTrace(): boolean {
    return this.#hasTrace;
  }

  /** Says that the storage was erased, and the alarm with it. */
  clear(): void {
    this.#armedFor = undefined;
    this.#hasTrace = false;
  }

  /**
   * Learns what an earlier life of the object had armed. Returns that, also when it has passed and
   * counts as not armed: what was to be done then still is. Here no lateness is allowed for, because
   * a visit may be the only one for long, and a dead alarm would not be looked at again.
   *
   * @param now milliseconds since the epoch.
   */
  async load(now: number): Promise<number | undefined> {
    const at = (await this.#storage.getAlarm()) ?? undefined;
    this.#armedFor = at === undefined || at <= now ? undefined : at;
    this.#hasTrace ||= at !== undefined;
    return at;
  }

  /**
   * Says that the alarm went off; true when it is one that an earlier life of the object had set.
   *
   * @param scheduledFor the time that the platform says it was set for, milliseconds since the epoch.
   */
  wentOff(scheduledFor: number | undefined): boolean {
    const armedFor = this.#armedFor;
    this.#armedFor = undefined;
    this.#wentOffFor = scheduledFor ?? armedFor;
    this.#hasTrace = true;
    return armedFor === undefined || armedFor !== this.#wentOffFor;
  }

  /** Whether the object is sure to wake by the earliest of these times, milliseconds since the epoch. */
  isArmedFor(now: number, ...times: readonly (number | undefined)[]): boolean {
    const at = this.#earliest(times, now);
    return at === undefined || this.#isArmedBy(at, now);
  }

  /** Makes sure that the object wakes by the earliest of these times, milliseconds since the epoch. */
  async wakeBy(now: number, ...times: readonly (number | undefined)[]): Promise<void> {
    const at = this.#earliest(times, now);
    if (at === undefined || this.#isArmedBy(at, now)) return;
    const before = this.#armedFor;
    this.#armedFor = at;
    this.#hasTrace = true;
    try {
      await this.#storage.setAlarm(at);
    } catch (error) {
      this.#armedFor = before;
      throw error;
    }
  }

  /** The earliest of these times that can be set; `undefined` when there is none. */
  #earliest(times: readonly (number | undefined)[], now: number): number | undefined {
    let earliest = Number.POSITIVE_INFINITY;
    for (const time of times) if (time !== undefined && time < earliest) earliest = time;
    if (earliest === Number.POSITIVE_INFINITY) return undefined;
    return this.#settable(Math.min(earliest, now + HORIZON_MS), now);
  }

  #isArmedBy(at: number, now: number): boolean {
    const armedFor = this.#armedFor;
    return armedFor !== undefined && armedFor <= at && !isOverdue(armedFor, now);
  }

  /** The first time from `at` on that the platform is sure to keep. */
  #settable(at: number, now: number): number {
    const next = Math.max(Math.ceil(at), Math.floor(now) + 1);
    return next === this.#wentOffFor ? next + 1 : next;
  }
}

function isOverdue(at: number, now: number): boolean {
  return at < now - LATE_MS;
}
