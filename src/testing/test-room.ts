import type { Notice } from "../kinds/inbox/notice.ts";
import type { WireMessage } from "../protocol/bundle.ts";
import { CLOSES } from "../protocol/close.ts";
import type { Refusal } from "../protocol/error.ts";
import { ROOM_DELETED } from "../protocol/refusals.ts";
import { type Actor, SYSTEM } from "../room/actor.ts";
import type { Session } from "../room/connections/connection.ts";
import type { TokenRefresh } from "../room/door.ts";
import type { Outcome } from "../room/flush/outcome.ts";
import type { RoomFrame } from "../room/frame.ts";
import { Disk } from "./disk.ts";
import { KeptSockets } from "./kept-sockets.ts";
import type { Line } from "./line.ts";
import { ObjectLife } from "./object-life.ts";
import type { RoomLife } from "./room-life.ts";
import type { Arrival, Surroundings } from "./surroundings.ts";
import { Upkeep } from "./upkeep.ts";
import { Wakeup } from "./wakeup.ts";

interface Awake {
  readonly life: ObjectLife;
  readonly upkeep: Upkeep;
}

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
  #awake: Awake | undefined;
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
      closed: (id, wasClosed) => this.#ended(id, wasClosed),
    });
    this.#wakeup = new Wakeup({
      disk: this.disk,
      wall,
      after,
      goesOff: (scheduledFor) => this.#turn((_, __, upkeep) => upkeep.wentOff(scheduledFor)),
    });
  }

  /** The room in memory; `undefined` while it sleeps. */
  get life(): RoomLife | undefined {
    return this.#awake?.life;
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
  enter({ session, cursor, history }: Arrival, line: Line, refused: (why: Refusal) => void): void {
    this.#turn((life, now) => {
      const whole: Session = { ...session, connectedAt: now };
      const error = life.room.refuses(whole, now);
      if (error !== undefined) {
        life.room.counters.refused(error.code);
        refused(error);
        return;
      }
      const id = this.#options.randomUUID();
      this.#sockets.accept(id, whole, line);
      life.known.add(id);
      life.room.join({ id, session: whole, cursor, history }, now);
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

  /** Reads something of the room. */
  read<T>(reading: (life: RoomLife) => T): Promise<T> {
    return this.#call(async (life) => reading(life));
  }

  /** Ends every connection of a user, and bans it when that is above 0. */
  kick(userId: string, banMs: number): void {
    this.#turn((life, now) => {
      life.room.kick(userId, banMs, now);
    });
  }

  /** Ends the room's life at the backend's word. */
  erase(): void {
    this.#turn((life, now, upkeep) => {
      life.room.end(ROOM_DELETED, CLOSES.deleted, now);
      upkeep.end(true);
    });
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
    if (this.#awake?.life.isBusy === true || this.disk.isWriting) return false;
    this.#forget();
    return true;
  }

  #forget(): void {
    this.#awake?.life.end();
    this.#awake = undefined;
  }

  get #now(): number {
    return this.#options.wall.now();
  }

  /** Everything that the object is told comes in by here, in order; what it does then follows. */
  #turn(run: (life: ObjectLife, now: number, upkeep: Upkeep) => void): void {
    const { life } = this.#awake ?? this.#wake();
    this.#lastTurnAt = this.#now;
    const turn = () => {
      if (life.isOver || this.#awake === undefined) return;
      try {
        run(this.#awake.life, this.#now, this.#awake.upkeep);
        this.#awake.upkeep.follow();
      } catch (error) {
        this.failures.push(error);
      }
    };
    if (life.waiting === undefined) turn();
    else life.waiting.push(turn);
  }

  #call<T>(ask: (life: ObjectLife, now: number) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#turn((life, now) => {
        life.calls.add(reject);
        const settle = (answer: () => void) => {
          if (life.isOver) return;
          this.disk.afterwards(() => {
            life.calls.delete(reject);
            answer();
          });
        };
        ask(life, now).then(
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

  #wake(): Awake {
    const awake = this.#begin();
    const { life, upkeep } = awake;
    life.waiting = [];
    const now = this.#now;
    for (const { id, session } of this.#sockets.restore()) {
      life.known.add(id);
      life.room.restore(id, session, now);
    }
    void life.alarm.load(now).then((inherited) => {
      if (life.isOver) return;
      const { waiting } = life;
      life.waiting = undefined;
      if (life.room.isOver(now)) upkeep.end();
      else life.room.inherit(inherited);
      for (const turn of waiting ?? []) turn();
    });
    this.#doze();
    return awake;
  }

  #begin(): Awake {
    const { wall, after, limits } = this.#options;
    const parts = { disk: this.disk, wakeup: this.#wakeup, now: wall.now, after };
    const sockets = this.#sockets;
    const life = new ObjectLife({ ...this.#options, ...parts, sockets, limits: limits() });
    const upkeep = new Upkeep(life, {
      ...parts,
      turn: (run) => this.#turn(run),
      failed: (error) => this.failures.push(error),
      over: () => this.#begin(),
    });
    this.#awake = { life, upkeep };
    return this.#awake;
  }

  /** Falls asleep once nobody has asked for anything for a while. */
  #doze(): void {
    if (this.#isDozing) return;
    this.#isDozing = true;
    const restMs = this.#lastTurnAt + AWAKE_MS - this.#now;
    this.#options.after(restMs > 0 && restMs <= AWAKE_MS ? restMs : AWAKE_MS, () => {
      this.#isDozing = false;
      if (this.#awake === undefined) return;
      const isQuiet = Math.abs(this.#now - this.#lastTurnAt) >= AWAKE_MS;
      if (!isQuiet || !this.hibernate()) this.#doze();
    });
  }

  #heard(id: string, message: WireMessage): void {
    this.#turn((life) => {
      const connection = life.known.has(id) ? life.room.connection(id) : undefined;
      if (connection === undefined) return;
      const raw = typeof message === "string" ? message : message.slice();
      const received = life.door.receive(connection, raw, this.#now);
      if (received.kind === "refresh_token") void this.#renew(life, id, received);
    });
  }

  #ended(id: string, wasClosed: boolean): void {
    this.#turn((life, now) => {
      const attached = this.#sockets.release(id);
      if (wasClosed && life.known.has(id)) life.room.socketEnded(id);
      if (attached === undefined) return;
      if (!life.known.has(id)) life.room.restore(id, attached.session, now);
      life.known.delete(id);
      life.room.leave(id, now);
    });
  }

  /** Verifying takes a moment, in which the connection may go. */
  async #renew(
    verifying: ObjectLife,
    id: string,
    { token, messageId }: TokenRefresh,
  ): Promise<void> {
    const renewed = await this.#options.identify(token);
    if (verifying.isOver) return;
    this.#turn((life, now) => life.renew(id, renewed, messageId, now));
  }
}
