import type { Disk } from "./disk.ts";
import type { ObjectLife } from "./object-life.ts";
import type { Cancel } from "./virtual-clock.ts";
import type { Wakeup } from "./wakeup.ts";

/** What it takes to keep a life of an object going. */
export interface UpkeepOptions {
  readonly disk: Disk;
  readonly wakeup: Wakeup;
  /** What the object takes for the time, milliseconds since the epoch. */
  readonly now: () => number;
  readonly after: (delayMs: number, run: () => void) => Cancel;
  /** Does something as a turn of the object. */
  readonly turn: (run: () => void) => void;
  /** Something threw. */
  readonly failed: (error: unknown) => void;
  /** The room's life is over, and nothing is left of it: the next one begins. */
  readonly over: () => void;
}

/** What the object does around its room: one timer for flushes, one alarm, notices brought to inboxes. */
export class Upkeep {
  readonly #life: ObjectLife;
  readonly #options: UpkeepOptions;

  constructor(life: ObjectLife, options: UpkeepOptions) {
    this.#life = life;
    this.#options = options;
  }

  /** After each turn: flushes when that is due, and sees to the next wake. */
  follow(): void {
    this.#scheduleFlush();
    this.#arm();
  }

  /** The alarm went off. */
  wentOff(scheduledFor: number): void {
    const { alarm, room } = this.#life;
    const { wakeup } = this.#options;
    const now = this.#options.now();
    wakeup.wentOff(scheduledFor);
    const wasAsleep = alarm.wentOff(scheduledFor);
    if (wasAsleep || (room.wakeAt ?? Number.POSITIVE_INFINITY) <= now) room.sweep(now);
    this.#scheduleFlush();
    this.#bring();
    this.#arm();
  }

  /**
   * Ends the room's life, and leaves nothing behind.
   *
   * @param isErased whether it ends although it was not over.
   */
  end(isErased = false): void {
    const { store, alarm } = this.#life;
    const { disk, wakeup, over } = this.#options;
    const { isWritten } = store;
    const hasTrace = isWritten || alarm.hasTrace;
    alarm.clear();
    if (hasTrace) {
      void wakeup.deleteAlarm();
      disk.erase();
    }
    if (!isWritten && !isErased) return;
    store.close();
    this.#life.timer?.();
    over();
  }

  #scheduleFlush(): void {
    const { room, timer } = this.#life;
    if (room.hasWork && timer === undefined) this.#flushIn(room.flushDelayMs(this.#options.now()));
  }

  #flushIn(delayMs: number): void {
    const { after, turn } = this.#options;
    this.#life.timer = after(delayMs, () => {
      this.#life.timer = undefined;
      turn(() => this.#flush());
    });
  }

  #flush(): void {
    const { room, couriers } = this.#life;
    const { disk, failed } = this.#options;
    const now = this.#options.now();
    const { deliveries, failures } = room.flush(now);
    if (!disk.database.failing) for (const failure of failures) failed(failure);
    if (room.isTelling) {
      // The platform sends nothing before the write is confirmed: another portion would only pile up.
      this.#life.timer = () => {};
      disk.afterwards(() => this.#flushIn(0));
    }
    this.#scheduleFlush();
    if (deliveries > 0) {
      couriers.added();
      this.#bring();
    }
    this.#arm();
  }

  #bring(): void {
    const life = this.#life;
    const { turn, failed } = this.#options;
    life.errands += 1;
    const done = () => {
      life.errands -= 1;
      if (!life.isOver) turn(() => this.#arm());
    };
    life.couriers.bring().then(done, (error: unknown) => {
      if (!life.isOver) failed(error);
      done();
    });
  }

  #arm(): void {
    const { room, alarm, couriers } = this.#life;
    const now = this.#options.now();
    if (room.isOver(now)) this.end();
    else void alarm.wakeBy(now, room.wakeAt, couriers.dueAt);
  }
}
