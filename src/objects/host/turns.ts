import { AlarmClock, type AlarmStorage } from "./alarm-clock.ts";
import { FlushTimer } from "./flush-timer.ts";
import type { TurnTaker } from "./guest.ts";

/** A flush in so many milliseconds sees to what it makes no difference to see to now: reports, the alarm, the end. */
const SOON_MS = 100;

/** What turns need of the platform. */
export interface TurnPorts {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Runs something once, so many milliseconds from now. */
  readonly after: (delayMs: number, run: () => void) => void;
  readonly alarm: AlarmStorage;
  /** Resolves once what was written so far is on disk. */
  readonly written: () => Promise<void>;
  /** Keeps the object awake until this is done, and hears of its failure. */
  readonly keepAwake: (work: Promise<unknown>) => void;
  /** Does something before anything else that comes. */
  readonly first: (work: () => Promise<void>) => void;
}

/**
 * Whatever comes to an object is a turn of its guest, and what must follow every turn is written
 * once, here: the flush is due, the alarm stands, what happened is reported, and who is over ends.
 */
export class Turns<G extends TurnTaker = TurnTaker> {
  readonly #ports: TurnPorts;
  readonly #alarm: AlarmClock;
  readonly #timer: FlushTimer;
  #guest: () => G = unopened;
  #armed: Promise<void> = Promise.resolve();

  constructor(ports: TurnPorts) {
    this.#ports = ports;
    this.#alarm = new AlarmClock(ports.alarm);
    this.#timer = new FlushTimer(ports.after, () => this.flush());
  }

  /**
   * Begins, with what an earlier life of the object had the alarm set for. What outlived that may
   * be taken back right after: before anything else comes.
   *
   * @param guest who is the guest now: one may follow the other.
   */
  open(guest: () => G): void {
    this.#guest = guest;
    const first = guest();
    if (first.closed !== undefined) return;
    const now = this.#ports.now();
    this.#ports.first(async () => {
      const inherited = await this.#alarm.load(now);
      // An earlier life may have ended before it could leave nothing behind.
      if (first.isOver(now)) await first.end(now);
      else first.inherit(inherited);
    });
  }

  /** Who is the guest now. */
  get guest(): G {
    return this.#guest();
  }

  /** Does something with the guest, and sees to what follows from it. */
  turn<T>(work: (now: number) => T): T {
    const now = this.#ports.now();
    try {
      return work(now);
    } finally {
      this.#follow(now);
    }
  }

  /**
   * A turn of which there are thousands a second: all that follows it but the flush itself is seen to by
   * that flush, when one is due soon.
   */
  briefTurn<T>(work: (now: number) => T): T {
    const now = this.#ports.now();
    try {
      return work(now);
    } finally {
      if (!this.#isFlushSoon(now)) this.#follow(now);
    }
  }

  /** A turn that goes on: what follows is seen to when it begins to wait, and when it is done. */
  async longTurn<T>(work: (now: number) => Promise<T>): Promise<T> {
    const result = this.turn(work);
    try {
      return await result;
    } finally {
      this.turn(() => {});
    }
  }

  /** Work outside of any turn that keeps the object awake; the turn after it may be the guest's news. */
  background(work: Promise<unknown>): void {
    this.#ports.keepAwake(work.finally(() => this.turn(() => {})));
  }

  /** Stores and sends what waits, now. */
  flush(): void {
    this.turn((now) => this.guest.flush(now));
  }

  /**
   * The alarm went off, and the guest is not closed.
   *
   * @param scheduledFor the time that it was set for, as the platform says, milliseconds since the epoch.
   */
  async alarm(scheduledFor: number | undefined): Promise<void> {
    const { guest } = this;
    const wasInherited = this.#alarm.wentOff(scheduledFor);
    this.turn((now) => {
      guest.wake(now, wasInherited);
      // Not waited for: an object runs one alarm at a time.
      this.background(guest.reports.run(now));
    });
    await this.#armed;
  }

  /** The object's storage is about to be erased; whether there was anything of an alarm in it. */
  clearAlarm(): boolean {
    const { hasTrace } = this.#alarm;
    this.#alarm.clear();
    return hasTrace;
  }

  /** Sees to the next flush; whether one is due soon, and the object awake until then. */
  #isFlushSoon(now: number): boolean {
    const { guest } = this;
    if (guest.closed !== undefined || guest.isTelling || !guest.hasWork) return false;
    const delayMs = guest.flushDelayMs(now);
    this.#timer.start(delayMs, now);
    return delayMs <= SOON_MS;
  }

  /** What follows every turn. */
  #follow(now: number): void {
    const { guest } = this;
    if (guest.closed !== undefined) return;
    const { written, keepAwake } = this.#ports;
    // The platform sends nothing before the write is confirmed: another portion would only pile up.
    if (guest.isTelling) this.#timer.startAfter(written);
    else if (guest.hasWork) this.#timer.start(guest.flushDelayMs(now), now);
    guest.reports.note(now);
    if (guest.isOver(now)) {
      keepAwake(guest.end(now));
      return;
    }
    const { wakeAt, reports } = guest;
    if (this.#alarm.isArmedFor(now, wakeAt, reports.dueAt)) return;
    this.#armed = this.#alarm.wakeBy(now, wakeAt, reports.dueAt);
    keepAwake(this.#armed);
  }
}

function unopened(): never {
  throw new Error("A host is opened before anything comes.");
}
