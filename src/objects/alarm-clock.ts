/** The object's one alarm: armed for the earliest that is due, and written only when that moves up. */
export class AlarmClock {
  readonly #storage: DurableObjectStorage;
  #armedFor: number | undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Learns what an earlier life of the object had armed. */
  async load(): Promise<void> {
    this.#armedFor = (await this.#storage.getAlarm()) ?? undefined;
  }

  /** Says that the alarm went off. */
  wentOff(): void {
    this.#armedFor = undefined;
  }

  /** Makes sure that the object wakes by `at`, milliseconds since the epoch. */
  async wakeBy(at: number | undefined): Promise<void> {
    if (at === undefined || (this.#armedFor !== undefined && this.#armedFor <= at)) return;
    this.#armedFor = at;
    await this.#storage.setAlarm(at);
  }
}
