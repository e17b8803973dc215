import type { Verifier } from "../auth/verifier.ts";
import { INBOX_CARRIER, type Notice } from "../kinds/inbox/notice.ts";
import { Couriers } from "../objects/delivery/couriers.ts";
import { inboxCarrier } from "../objects/delivery/inbox-carrier.ts";
import { Turns } from "../objects/host/turns.ts";
import { Reauthorization } from "../objects/reauthorization.ts";
import { reviewerOf } from "../objects/reviewer.ts";
import { RoomGuest } from "../objects/room-guest.ts";
import { CLOSES } from "../protocol/close.ts";
import type { Keepsake } from "../protocol/kept-session.ts";
import { ROOM_DELETED } from "../protocol/refusals.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import type { Door } from "../room/door.ts";
import type { Outcome } from "../room/flush/outcome.ts";
import type { KindReview, Reviewer } from "../room/hooks/review.ts";
import type { Room } from "../room/room.ts";
import type { SqlRoomStore } from "../storage/sql-room-store.ts";
import { within } from "./deadline.ts";
import type { Disk } from "./disk.ts";
import type { KeptSockets } from "./kept-sockets.ts";
import { openLife, type RoomLife } from "./room-life.ts";
import type { TestDeployment } from "./surroundings.ts";
import type { Cancel } from "./virtual-clock.ts";
import type { Wakeup } from "./wakeup.ts";

/** How long a review may take, in milliseconds: what `REVIEW_TIMEOUT_MS` is unless it is set. */
const REVIEW_MS = 2_000;

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
  readonly verifier: Verifier;
  /** The default one when absent. */
  readonly deployment?: TestDeployment | undefined;
  /** Something threw. */
  readonly failed: (error: unknown) => void;
}

/** A life of the room, and the guest that it is to the object. */
interface Resident extends RoomLife {
  readonly guest: RoomGuest;
}

/**
 * All that an object has in memory, from its waking until it sleeps or dies: the same turns and the
 * same guest as in production. Once it is over, nothing that it began goes on.
 */
export class ObjectLife implements RoomLife {
  readonly turns: Turns<RoomGuest>;
  /** Connections whose sockets this life knows. */
  readonly known = new Set<string>();
  /** Who waits for an answer, to be told when the life ends before that. */
  readonly calls = new Set<(error: Error) => void>();
  readonly #options: LifeOptions;
  #resident: Resident;
  /** What came before it was ready, in order; `undefined` once it is. */
  #waiting: (() => void)[] | undefined = [];
  /** Timers that are pending, and work that keeps it awake. */
  #pending = 0;
  #isOver = false;

  constructor(options: LifeOptions) {
    const { sockets, wakeup, now } = options;
    this.#options = options;
    this.turns = new Turns({
      now: () => {
        this.#requireLife();
        return now();
      },
      after: (delayMs, run) => this.#after(delayMs, run),
      alarm: wakeup,
      written: () => this.#written(),
      keepAwake: (work) => this.keepAwake(work),
      first: (work) => this.keepAwake(work().then(() => this.#ready())),
    });
    this.#resident = this.#begin(sockets.keepsake);
    this.turns.open(() => this.#resident.guest);
    const { guest } = this;
    for (const { id, ...kept } of sockets.restore((kept) => guest.mayGoOn(kept))) {
      this.known.add(id);
      guest.restore(id, kept, now());
    }
  }

  get store(): SqlRoomStore {
    return this.#resident.store;
  }

  get room(): Room {
    return this.#resident.room;
  }

  get door(): Door {
    return this.#resident.door;
  }

  get guest(): RoomGuest {
    return this.#resident.guest;
  }

  /** Whether it was forgotten: nothing that it began may go on. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether something is under way that keeps it from sleeping. */
  get isBusy(): boolean {
    return this.#waiting !== undefined || this.calls.size > 0 || this.#pending > 0;
  }

  /** Something comes: it is done in order, once the life is ready for it. */
  arrive(run: () => void): void {
    const guarded = () => {
      if (this.#isOver) return;
      try {
        run();
      } catch (error) {
        this.#options.failed(error);
      }
    };
    if (this.#waiting === undefined) guarded();
    else this.#waiting.push(guarded);
  }

  /** Stays awake until something is done, and tells of its failure. */
  keepAwake(work: Promise<unknown>): void {
    this.#pending += 1;
    const done = () => {
      this.#pending -= 1;
    };
    work.then(done, (error: unknown) => {
      done();
      if (!this.#isOver) this.#options.failed(error);
    });
  }

  /** Ends the room's life at the backend's word. */
  erase(now: number): void {
    const { guest, room } = this.#resident;
    guest.told(room.end(ROOM_DELETED, CLOSES.deleted, now));
    this.#end(true);
  }

  /** Forgets everything. */
  end(): void {
    this.#isOver = true;
    for (const reject of this.calls) reject(new Error("The object was reset."));
  }

  #requireLife(): void {
    if (this.#isOver) throw new Error("This life of the object is over.");
  }

  #ready(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const run of waiting) run();
  }

  #after(delayMs: number, run: () => void): void {
    this.#pending += 1;
    this.#options.after(delayMs, () => {
      this.#pending -= 1;
      this.arrive(run);
    });
  }

  /** Resolves once what was written so far is on disk; never when the life ends before. */
  #written(): Promise<void> {
    return new Promise((resolve) =>
      this.#options.disk.afterwards(() => {
        if (!this.#isOver) resolve();
      }),
    );
  }

  /**
   * Ends the room's life, and leaves nothing behind.
   *
   * @param isErased whether it ends although it was not over.
   */
  #end(isErased: boolean): void {
    const { store } = this.#resident;
    const { disk, wakeup } = this.#options;
    const { isWritten } = store;
    if (this.turns.clearAlarm() || isWritten) {
      void wakeup.deleteAlarm();
      disk.erase();
    }
    if (!isWritten && !isErased) return;
    store.close();
    this.#resident = this.#begin(undefined);
  }

  /** @param keepsake what the sockets kept of a life that goes on without storage. */
  #begin(keepsake: Keepsake | undefined): Resident {
    const { name, disk, sockets, limits, random, randomUUID, now, verifier, deployment, failed } =
      this.#options;
    const life = openLife({
      name,
      database: disk.open(() => this.#isOver),
      sockets,
      limits,
      newEpoch: () => keepsake?.epoch ?? randomUUID(),
      newId: randomUUID,
      random,
      ...(deployment === undefined
        ? {}
        : {
            kinds: deployment.kinds,
            subscriptions: deployment.subscriptions(name),
            reviewer: (kind, limits) => this.#reviewer(kind.review(limits), deployment),
          }),
    });
    const { store, room, door } = life;
    sockets.keepEpoch(store.isWritten ? undefined : store.log.epoch);
    const journal = {
      connected() {},
      audited() {},
      // What a full disk does to a flush is meant to be.
      error: (_: string, error: unknown) => {
        if (!disk.database.failing) failed(error);
      },
    };
    const { turns } = this;
    const asking = { turns, name, room, authorizer: undefined, env: {}, journal, clock: now };
    const guest = new RoomGuest({
      turns,
      name,
      room,
      authorizes: deployment?.authorizes(name) ?? false,
      reauthorization: new Reauthorization(asking),
      door,
      sockets: { save: (id, session) => sockets.save(id, session), restore() {}, ended() {} },
      couriers: this.#couriersOf(life),
      verifier,
      journal,
      reports: { note() {}, dueAt: undefined, run: async () => {} },
      closed: undefined,
      end: async () => this.#end(false),
    });
    return { store, room, door, guest };
  }

  #reviewer(
    review: KindReview | undefined,
    { reviews: { env, running, failed } }: TestDeployment,
  ): Reviewer | undefined {
    if (review === undefined) return undefined;
    const run: KindReview["run"] = (frame, actor, _, signal) =>
      running(review.run(frame, actor, env, signal));
    return reviewerOf(
      { ...review, run },
      {
        env,
        timeoutMs: REVIEW_MS,
        within: (ms, answer) => within(this.#options, ms, answer),
        turns: this.turns,
        failed,
      },
    );
  }

  #couriersOf({ store: { outbox }, room }: RoomLife): Couriers {
    const { random, now, deliver, deployment } = this.#options;
    const carrier = inboxCarrier((inbox) => ({
      deliver: async (notices) => {
        await this.#written();
        return deliver(inbox, notices);
      },
    }));
    return new Couriers({
      outbox,
      carriers: { [INBOX_CARRIER]: carrier, ...deployment?.carriers },
      random,
      clock: now,
      within: (ms, answer) => within(this.#options, ms, answer),
      failed: () => {},
      buried: (deliveries, _, dropped) => room.buried(deliveries, dropped, now()),
    });
  }
}
