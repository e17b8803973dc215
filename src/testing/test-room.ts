import type { Notice } from "../kinds/inbox/notice.ts";
import type { Admission } from "../protocol/admission.ts";
import type { WireMessage } from "../protocol/bundle.ts";
import type { Close } from "../protocol/close.ts";
import type { Refusal } from "../protocol/error.ts";
import { type Actor, SYSTEM } from "../room/actor.ts";
import type { Outcome } from "../room/flush/outcome.ts";
import type { RoomFrame } from "../room/frame.ts";
import { RuleFailure } from "../room/hooks/rule-failure.ts";
import { Disk } from "./disk.ts";
import { KeptSockets } from "./kept-sockets.ts";
import type { Line } from "./line.ts";
import { ObjectLife } from "./object-life.ts";
import { openAsleep, type RoomLife } from "./room-life.ts";
import type { Surroundings } from "./surroundings.ts";
import { Wakeup } from "./wakeup.ts";

/** How long an object that nobody asks for anything stays in memory, in milliseconds. */
const AWAKE_MS = 10_000;

/**
 * One room's object as the platform runs it, around the real room: sockets that outlive its memory,
 * one timer, one alarm, storage behind an output gate. It falls asleep when nobody asks for anything
 * and wakes when somebody does; {@link crash} and {@link hibernate} do it at a time of one's own.
 */
export class TestRoom {
  readonly name: string;
  readonly disk: Disk;
  /** What the object threw where the platform would have written it down. */
  readonly failures: unknown[] = [];
  readonly #options: Surroundings;
  readonly #sockets: KeptSockets;
  readonly #wakeup: Wakeup;
  #life: ObjectLife | undefined;
  #lastTurnAt = Number.NEGATIVE_INFINITY;
  #isDozing = false;

  constructor(options: Surroundings) {
    const { name, wall, after, diskMs, written, erasing } = options;
    this.name = name;
    this.#options = options;
    this.disk = new Disk({
      after,
      latencyMs: diskMs,
      confirmed: () => written?.(),
      erasing: () => erasing?.(),
    });
    this.#sockets = new KeptSockets(wall.now, this.disk, {
      message: (id, message) => this.#heard(id, message),
      closed: (...ended) => this.#ended(...ended),
    });
    this.#wakeup = new Wakeup({
      disk: this.disk,
      wall,
      after,
      goesOff: (scheduledFor) =>
        this.#arrive((life) => {
          this.#wakeup.wentOff(scheduledFor);
          life.keepAwake(life.turns.alarm(scheduledFor));
        }),
    });
  }

  /** The room in memory; `undefined` while it sleeps. */
  get life(): RoomLife | undefined {
    return this.#life;
  }

  /** The room in memory or, while it sleeps, one to read what is stored by. */
  get stored(): RoomLife {
    // Whoever reads it does so within its life.
    const { name, disk } = this;
    return (
      this.#life ??
      openAsleep(
        name,
        disk.open(() => false),
        this.#options.deployment?.kinds,
      )
    );
  }

  /** Sockets that are there, whether the room is awake or not. */
  get connections(): number {
    return this.#sockets.count;
  }

  /** Rows written so far. */
  get writes(): number {
    return this.disk.database.writes;
  }

  /** Lets somebody in over a line; `refused` is told why not, if not. */
  enter(admission: Admission, line: Line, refused: (why: Refusal) => void): void {
    this.#turn((life, now) => {
      const error = life.guest.refuses(admission, now);
      if (error !== undefined) {
        refused(error);
        return;
      }
      const id = this.#options.randomUUID();
      this.#sockets.accept(id, line);
      life.known.add(id);
      life.guest.enter(id, admission, now);
    });
  }

  /** Submits a frame by request. Rejects when the object ends before it answers. */
  submit(actor: Actor, frame: RoomFrame): Promise<Outcome> {
    return this.#call((life, now) => this.#queue(life, actor, frame, now));
  }

  /** Takes what other rooms have for this inbox. */
  deliver(notices: readonly Notice[]): Promise<readonly Outcome[]> {
    return this.#call((life, now) =>
      Promise.all(
        notices.map(({ key, source, content }) =>
          this.#queue(
            life,
            SYSTEM,
            { type: "notify", messageId: key, payload: content, source },
            now,
          ),
        ),
      ),
    );
  }

  /** Reads something of the room, at the time that it takes it for. */
  read<T>(reading: (life: RoomLife, now: number) => T): Promise<T> {
    return this.#call(async (life, now) => reading(life, now));
  }

  /** Ends every connection of a user, and bans it when that is above 0. */
  kick(userId: string, banMs: number): void {
    this.#turn((life, now) => {
      life.room.kick(userId, banMs, now);
    });
  }

  /** Lifts a user's ban, as a moderator does. */
  unban(userId: string): void {
    this.#turn(({ store }) => store.bans.unban(userId));
  }

  /** Ends the room's life at the backend's word. */
  erase(): void {
    this.#turn((life, now) => life.erase(now));
  }

  /**
   * The process dies: memory is gone, and what was not on disk, and all connections.
   *
   * @param isNoticed whether a client notices at once; asked for each.
   */
  crash(isNoticed: () => boolean = () => true): void {
    this.#forget();
    this.disk.crash();
    this.#sockets.crash(isNoticed);
  }

  /** Memory goes, the sockets stay; `false` when the platform would not, for something is under way. */
  hibernate(): boolean {
    if (this.#life?.isBusy === true || this.disk.isWriting) return false;
    this.#forget();
    return true;
  }

  #forget(): void {
    this.#life?.end();
    this.#life = undefined;
  }

  get #now(): number {
    return this.#options.wall.now();
  }

  /** Everything that the object is told comes in by here, in order, and wakes it. */
  #arrive(run: (life: ObjectLife) => void): void {
    const life = this.#life ?? this.#wake();
    this.#lastTurnAt = this.#now;
    life.arrive(() => run(life));
  }

  #turn(run: (life: ObjectLife, now: number) => void): void {
    this.#arrive((life) => life.turns.turn((now) => run(life, now)));
  }

  #call<T>(ask: (life: ObjectLife, now: number) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#arrive((life) => {
        life.calls.add(reject);
        const settle = (answer: () => void) => {
          if (life.isOver) return;
          this.disk.afterwards(() => {
            life.calls.delete(reject);
            answer();
          });
        };
        life.turns
          .longTurn((now) => ask(life, now))
          .then(
            (value) => settle(() => resolve(value)),
            (error: unknown) => settle(() => reject(error)),
          );
      });
    });
  }

  #queue(life: ObjectLife, actor: Actor, frame: RoomFrame, now: number): Promise<Outcome> {
    const outcome = new Promise<Outcome>((answer) => {
      life.room.submit({ frame, actor, at: now, bytes: JSON.stringify(frame).length, answer });
    });
    return outcome;
  }

  #wake(): ObjectLife {
    const { wall, limits } = this.#options;
    this.#life = new ObjectLife({
      ...this.#options,
      disk: this.disk,
      sockets: this.#sockets,
      wakeup: this.#wakeup,
      now: wall.now,
      limits: limits(),
      // A test wants what the rule itself has thrown.
      failed: (error) => this.failures.push(error instanceof RuleFailure ? error.cause : error),
    });
    this.#doze();
    return this.#life;
  }

  /** Falls asleep once nobody has asked for anything for a while. */
  #doze(): void {
    if (this.#isDozing) return;
    this.#isDozing = true;
    const restMs = this.#lastTurnAt + AWAKE_MS - this.#now;
    this.#options.after(restMs > 0 && restMs <= AWAKE_MS ? restMs : AWAKE_MS, () => {
      this.#isDozing = false;
      if (this.#life === undefined) return;
      const isQuiet = Math.abs(this.#now - this.#lastTurnAt) >= AWAKE_MS;
      if (!isQuiet || !this.hibernate()) this.#doze();
    });
  }

  #heard(id: string, message: WireMessage): void {
    this.#turn((life, now) => {
      if (!life.known.has(id)) return;
      const raw = typeof message === "string" ? message : message.slice().buffer;
      const renewing = life.guest.hear(id, raw, now);
      if (renewing !== undefined) life.keepAwake(renewing);
    });
  }

  #ended(id: string, close: Close, wasClosed: boolean): void {
    this.#turn((life, now) => {
      const attached = this.#sockets.release(id);
      const wasKnown = life.known.delete(id);
      if (wasClosed && wasKnown) life.guest.ended(id);
      if (attached === undefined) return;
      if (!wasKnown) life.guest.restore(id, attached, now, true);
      life.guest.leave(id, close, now);
    });
  }
}
