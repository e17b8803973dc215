import type { AlarmStorage } from "../objects/host/alarm-clock.ts";
import type { Disk } from "./disk.ts";
import type { Cancel } from "./virtual-clock.ts";
import type { WallClock } from "./wall-clock.ts";

/** What an alarm needs of the world around it. */
export interface WakeupOptions {
  readonly disk: Pick<Disk, "wrote">;
  readonly wall: WallClock;
  readonly after: (delayMs: number, run: () => void) => Cancel;
  /** It goes off; told the time that it was set for. */
  readonly goesOff: (scheduledFor: number) => void;
}

/** The one alarm of an object as the platform keeps it: in storage, by the clock on the wall. */
export class Wakeup implements AlarmStorage {
  readonly #options: WakeupOptions;
  #at: number | undefined;
  #pending: Cancel | undefined;

  constructor(options: WakeupOptions) {
    this.#options = options;
    options.wall.onSet(() => this.#schedule());
  }

  async getAlarm(): Promise<number | null> {
    return this.#at ?? null;
  }

  async setAlarm(at: number): Promise<void> {
    this.#write(at);
  }

  /** Takes it back. */
  async deleteAlarm(): Promise<void> {
    if (this.#at !== undefined) this.#write(undefined);
  }

  /** It went off, and nobody needs to be woken for it again unless what follows is lost. */
  wentOff(scheduledFor: number): void {
    if (this.#at === scheduledFor) this.#write(undefined);
  }

  #write(at: number | undefined): void {
    const before = this.#at;
    this.#options.disk.wrote(() => this.#set(before));
    this.#set(at);
  }

  #set(at: number | undefined): void {
    this.#at = at;
    this.#schedule();
  }

  #schedule(): void {
    this.#pending?.();
    this.#pending = undefined;
    const at = this.#at;
    if (at === undefined) return;
    const { wall, after, goesOff } = this.#options;
    this.#pending = after(at - wall.now(), () => goesOff(at));
  }
}
