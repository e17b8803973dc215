/**
 * The furthest that an alarm is set ahead, in milliseconds. The platform refuses dates after 2189
 * [seen]; waking once a month to look again costs nothing to speak of.
 */
const HORIZON_MS = 30 * 86_400_000;

/** What an object's storage has of its alarm. */
export interface AlarmStorage {
  getAlarm(): Promise<number | null>;
  setAlarm(at: number): Promise<void>;
}

/** The object's one alarm: armed for the earliest that is due, and written only when that moves up. */
export class AlarmClock {
  readonly #storage: AlarmStorage;
  #armedFor: number | undefined;

  constructor(storage: AlarmStorage) {
    this.#storage = storage;
  }

  /** Learns, and tells, what an earlier life of the object had armed. */
  async load(): Promise<number | undefined> {
    this.#armedFor = (await this.#storage.getAlarm()) ?? undefined;
    return this.#armedFor;
  }

  /** Says that the alarm went off; true when it found the object asleep. */
  wentOff(): boolean {
    const wasUnknown = this.#armedFor === undefined;
    this.#armedFor = undefined;
    return wasUnknown;
  }

  /** Makes sure that the object wakes by the earliest of these times, milliseconds since the epoch. */
  async wakeBy(now: number, ...times: readonly (number | undefined)[]): Promise<void> {
    const due = times.filter((time) => time !== undefined);
    if (due.length === 0) return;
    const at = Math.min(...due, now + HORIZON_MS);
    if (this.#armedFor !== undefined && this.#armedFor <= at) return;
    const before = this.#armedFor;
    this.#armedFor = at;
    try {
      await this.#storage.setAlarm(at);
    } catch (error) {
      this.#armedFor = before;
      throw error;
    }
  }
}
