import { INBOX_CARRIER, type Notice } from "../kinds/inbox/notice.ts";
import { Couriers } from "../objects/delivery/couriers.ts";
import { inboxCarrier } from "../objects/delivery/inbox-carrier.ts";
import { AlarmClock } from "../objects/host/alarm-clock.ts";
import type { Refusal } from "../protocol/error.ts";
import { OTHER_USERS_TOKEN } from "../protocol/refusals.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import type { Door } from "../room/door.ts";
import type { Outcome } from "../room/flush/outcome.ts";
import type { Room } from "../room/room.ts";
import type { SqlRoomStore } from "../storage/sql-room-store.ts";
import type { Disk } from "./disk.ts";
import type { KeptSockets } from "./kept-sockets.ts";
import { openLife, type RoomLife } from "./room-life.ts";
import type { Renewal } from "./surroundings.ts";
import type { Cancel } from "./virtual-clock.ts";
import type { Wakeup } from "./wakeup.ts";

/** What a life of an object stands on. */
export interface LifeOptions {
  readonly name: string;
  readonly disk: Disk;
  readonly sockets: KeptSockets;
  readonly wakeup: Wakeup;
  /** What the object takes for the time, milliseconds since the epoch. */
  readonly now: () => number;
  readonly after: (delayMs: number, run: () => void) => Cancel;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly randomUUID: () => string;
  readonly limits: RoomLimits;
  /** Reaches another room by its name. */
  readonly deliver: (room: string, notices: readonly Notice[]) => Promise<readonly Outcome[]>;
}

/** All that an object has in memory, from its waking until it sleeps or dies. */
export class ObjectLife implements RoomLife {
  readonly store: SqlRoomStore;
  readonly room: Room;
  readonly door: Door;
  readonly alarm: AlarmClock;
  readonly couriers: Couriers;
  /** Connections whose sockets this life knows. */
  readonly known = new Set<string>();
  /** Who waits for an answer, to be told when the life ends before that. */
  readonly calls = new Set<(error: Error) => void>();
  /** What came before it was ready, in order; `undefined` once it is. */
  waiting: (() => void)[] | undefined;
  /** The one timer, pending only while a flush is due. */
  timer: Cancel | undefined;
  /** Outings of the courier that are under way. */
  errands = 0;
  #isOver = false;

  constructor(options: LifeOptions) {
    const { name, disk, sockets, wakeup, now, random, randomUUID, limits, deliver } = options;
    const { keepsake } = sockets;
    const { store, room, door } = openLife({
      name,
      database: disk.open(() => this.#isOver),
      sockets,
      limits,
      newEpoch: () => keepsake?.epoch ?? randomUUID(),
      newId: randomUUID,
      random,
    });
    this.store = store;
    this.room = room;
    this.door = door;
    sockets.keepEpoch(store.isWritten ? undefined : store.log.epoch);
    this.alarm = new AlarmClock(wakeup);
    const carrier = inboxCarrier((inbox) => ({
      deliver: async (notices) => {
        await this.#written(disk);
        return deliver(inbox, notices);
      },
    }));
    this.couriers = new Couriers({
      outbox: store.outbox,
      carriers: { [INBOX_CARRIER]: carrier },
      random,
      clock: now,
      within: (ms, answer) => within(options, ms, answer),
      failed: () => {},
      buried: () => {},
    });
  }

  /** Whether it was forgotten: nothing that it began may go on. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether something is under way that keeps it from sleeping. */
  get isBusy(): boolean {
    return (
      this.timer !== undefined ||
      this.waiting !== undefined ||
      this.calls.size > 0 ||
      this.errands > 0
    );
  }

  /** Forgets everything. */
  end(): void {
    this.#isOver = true;
    this.timer?.();
    for (const reject of this.calls) reject(new Error("The object was reset."));
  }

  /** Takes what a token says that a connection brought, if that is still there. */
  renew(id: string, renewed: Renewal | Refusal, messageId: string | undefined, now: number): void {
    const connection = this.room.connection(id);
    if (connection === undefined) return;
    if ("code" in renewed) this.room.refuse(connection, messageId, renewed, now);
    else if (renewed.userId !== connection.session.userId) {
      this.room.refuse(connection, messageId, OTHER_USERS_TOKEN, now);
    } else {
      const { expiresAt, permissions } = renewed;
      this.room.renew(connection, { expiresAt, permissions }, messageId, now);
    }
  }

  /** Resolves once what was written so far is on disk; never when the life ends before. */
  #written(disk: Disk): Promise<void> {
    return new Promise((resolve) =>
      disk.afterwards(() => {
        if (!this.#isOver) resolve();
      }),
    );
  }
}

async function within<T>(
  { after }: Pick<LifeOptions, "after">,
  ms: number,
  answer: Promise<T>,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const cancel = after(ms, () => late.reject(new Error(`No answer in ${ms} ms.`)));
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    cancel();
  }
}
