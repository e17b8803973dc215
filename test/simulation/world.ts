import type { OpenedSocket } from "../../src/testing/device.ts";
import { seededRandom } from "../../src/testing/seeded-random.ts";
import type { TestRoom } from "../../src/testing/test-room.ts";
import { TestServer } from "../../src/testing/test-server.ts";
import type { Account } from "./account.ts";
import { Books } from "./books.ts";
import { MISHAPS } from "./chaos.ts";
import { Dice } from "./dice.ts";
import { Ledger } from "./ledger.ts";
import { Person } from "./person.ts";
import { Requests } from "./requests.ts";
import type { Stage } from "./stage.ts";
import { Trace } from "./trace.ts";
import { verify } from "./verdict.ts";
import { warmUp } from "./warm-up.ts";
import { WireWatch } from "./wire-watch.ts";

const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;

/**
 * Some people with devices, in the rooms of one deployment, over a time: they write in bursts and
 * sleep between, and whatever can go wrong does. Then everything heals, and the books are compared.
 */
export class World implements Stage {
  readonly seed: number;
  readonly server: TestServer;
  readonly rooms = ["lobby", "cafe"] as const;
  readonly people: readonly Person[];
  readonly ledgers = new Map<string, Ledger>();
  readonly books: Books;
  readonly trace: Trace;
  readonly dice: Dice;
  readonly resumeEvents: number;
  /** How long a write takes now. */
  diskMs: number;
  readonly #requests: Requests;
  readonly #watches = new Map<object, WireWatch>();
  readonly #hours: number;
  readonly #beganAt: number;
  /** What is to be done later. */
  readonly #pending = new Set<() => void>();
  #failure: unknown;
  #isOver = false;
  #crashes = 0;

  constructor(seed: number, hours: number) {
    this.seed = seed;
    this.#hours = hours;
    const dice = new Dice(seededRandom(seed));
    this.dice = dice;
    this.diskMs = dice.whole(1, 20);
    const networkMs = dice.pick([2, 20, 80, 250]) ?? 20;
    this.resumeEvents = dice.pick([1_000, 200, 30]) ?? 1_000;
    this.server = new TestServer({
      seed: dice.whole(1, 2 ** 30),
      weather: {
        diskMs: () => dice.whole(1, this.diskMs),
        networkMs: () => (this.#isOver ? 1 : dice.wait(networkMs)),
        call: () =>
          dice.weighted([
            [this.#isOver ? 1_000_000 : 90, "arrives" as const],
            [5, "lost" as const],
            [5, "unanswered" as const],
          ]) ?? "arrives",
      },
      erasing: (room) => this.#guard(() => this.ledger(room.name).foresee()),
      written: (room) => this.#guard(() => this.ledger(room.name).follow()),
    });
    this.configure("75");
    this.#beganAt = this.server.clock.now();
    this.server.wall.onSet(() => {
      for (const ledger of this.ledgers.values()) ledger.forget();
    });
    this.trace = new Trace(this.server.clock.now);
    this.books = new Books((room) => this.ledger(room));
    const everyone = Array.from({ length: dice.whole(3, 8) }, (_, i) => `user-${i}`);
    this.people = everyone.map(
      (userId) =>
        new Person(userId, {
          server: this.server,
          books: this.books,
          dice,
          everyone,
          heard: (who, socket, frame) => {
            this.trace.say(`${who} ${JSON.stringify(frame)}`);
            this.#guard(() => this.#watch(who, socket).take(frame));
          },
          fail: (error) => this.#fail(error),
        }),
    );
    this.#requests = new Requests(this, (error) => this.#fail(error));
  }

  /** How many hours it has lasted. */
  get hoursLived(): number {
    return (this.server.clock.now() - this.#beganAt) / HOUR_MS;
  }

  /** What was ever on disk of a room. */
  ledger(name: string): Ledger {
    const known = this.ledgers.get(name);
    if (known !== undefined) return known;
    const ledger = new Ledger(this.server.room(name), this.server.clock.now);
    this.ledgers.set(name, ledger);
    return ledger;
  }

  /** Does something later, while the world lasts. */
  later(ms: number, run: () => void): void {
    const due = () => {
      if (this.#pending.delete(due)) this.#guard(run);
    };
    this.#pending.add(due);
    this.server.clock.after(ms, due);
  }

  /** Rooms that begin from now on flush no sooner than so many milliseconds after each other. */
  configure(flushGapMs: string): void {
    this.server.vars = {
      LIMIT_RESUME_EVENTS: `${this.resumeEvents}`,
      LIMIT_JOINS_PER_MINUTE: "0",
      FLUSH_GAP_MS: flushGapMs,
    };
  }

  crash(room: TestRoom): void {
    this.#crashes += 1;
    room.crash(() => this.dice.chance(0.6));
    this.ledger(room.name).crashed();
  }

  /** Transactions of a room fail from now on, as on a full disk. */
  fillDisk(room: TestRoom): void {
    room.disk.database.failing = true;
    this.ledger(room.name).forget();
  }

  /** Somebody opens their application, or enters again where they were thrown out. */
  visit(person: Person): void {
    const { dice } = this;
    const open = person.seats.map(({ name }) => name);
    const more = this.#isOver ? this.rooms : this.rooms.filter(() => dice.chance(0.7));
    person.open([...new Set([...open, ...more])]);
  }

  /** Whoever was thrown out enters again. */
  comeBack(): void {
    for (const person of this.people) {
      if (person.seats.some(({ isClosed }) => isClosed)) this.visit(person);
    }
  }

  /**
   * Lives through it all.
   *
   * @throws {BrokenPromise} for the first that does not hold.
   */
  async run(): Promise<Account> {
    await warmUp();
    const until = this.#beganAt + this.#hours * HOUR_MS;
    this.#burst();
    await this.#live(until);
    await this.#heal();
    await verify(this, (ms) => this.#live(this.server.clock.now() + ms));
    const lives = [...this.ledgers.values()].flatMap((ledger) => [...ledger.lives.values()]);
    return {
      seed: this.seed,
      hours: this.#hours,
      frames: this.trace.lines,
      stored: lives.reduce((sum, { head }) => sum + head, 0),
      lives: lives.length,
      crashes: this.#crashes,
      notices: [...this.ledgers.values()].reduce((sum, { notices }) => sum + notices.size, 0),
      probes: this.#requests.answered,
      trace: this.trace.end(),
    };
  }

  async #live(until: number): Promise<void> {
    const { clock, rooms } = this.server;
    while (await clock.step(until)) {
      if (this.#failure !== undefined) throw this.#failure;
      for (const { failures, name } of rooms) {
        if (failures.length > 0) throw new Error(`${name} failed`, { cause: failures[0] });
      }
    }
    await clock.advance(until - clock.now());
  }

  /** Quiet, but for a mishap now and then; then a burst. */
  #wait(): void {
    if (this.#isOver) return;
    const { dice } = this;
    if (dice.chance(0.5)) this.later(dice.wait(20 * 60 * SECOND_MS), () => this.#mishap());
    this.later(dice.wait((dice.pick([0.2, 4, 16]) ?? 1) * HOUR_MS * 0.5), () => this.#burst());
  }

  #burst(): void {
    if (this.#isOver) return;
    const { dice } = this;
    this.trace.say("burst");
    for (const person of this.people) {
      if (dice.chance(0.7)) this.later(dice.wait(5 * SECOND_MS), () => this.visit(person));
    }
    const endsAt = this.server.clock.now() + dice.wait(25 * SECOND_MS);
    const paceMs = dice.pick([60, 200, 800]) ?? 200;
    const calmMs = dice.pick([1_000, 5_000, 20_000]) ?? 5_000;
    this.#every(paceMs, endsAt, () => this.#act());
    this.#every(calmMs, endsAt, () => this.#mishap());
    this.later(endsAt - this.server.clock.now() + dice.wait(20 * SECOND_MS), () => {
      for (const person of this.people) this.#goHome(person);
      this.#wait();
    });
  }

  #every(meanMs: number, endsAt: number, run: () => void): void {
    this.later(this.dice.wait(meanMs), () => {
      if (this.#isOver || this.server.clock.now() > endsAt) return;
      run();
      this.#every(meanMs, endsAt, run);
    });
  }

  #act(): void {
    const { dice } = this;
    if (dice.chance(0.05)) this.#requests.make();
    const person = dice.pick(this.people.filter(({ isHere }) => isHere));
    dice.pick(person?.seats ?? [])?.act();
  }

  #mishap(): void {
    if (this.#isOver) return;
    const mishap = this.dice.weighted(MISHAPS);
    if (mishap !== undefined) this.trace.say(mishap(this, this.dice));
  }

  #goHome(person: Person): void {
    const { dice } = this;
    const what = dice.random();
    // Whoever stays keeps rooms awake through the night.
    if (what < 0.75) person.close();
    else if (what < 0.9) person.switchOff(dice.chance(0.5) ? undefined : dice.whole(0, 60_000));
  }

  /** Nothing goes wrong any more, and everybody comes back. */
  async #heal(): Promise<void> {
    this.#isOver = true;
    this.trace.say("heal");
    const { server } = this;
    const soon = (ms: number) => this.#live(server.clock.now() + ms);
    for (const due of [...this.#pending]) due();
    this.diskMs = 1;
    server.wall.skewMs = 0;
    for (const { disk } of server.rooms) disk.database.failing = false;
    for (const person of this.people) {
      if (person.device.isAsleep) person.switchOff(0);
      person.device.wall.skewMs = 0;
      person.device.goOnline();
      this.visit(person);
    }
    await soon(HOUR_MS / 12);
    // Bans are over by now, but for those that a clock ahead of its time dated: a moderator lifts them.
    for (const name of this.rooms) {
      for (const { userId } of this.people) server.room(name).unban(userId);
    }
    // Notices rest for an hour at most.
    this.comeBack();
    // No whole number of minutes: tokens and clocks that were set are off by those, and whoever's token
    // ends at the very moment that is looked at comes back just after it.
    await soon(HOUR_MS + HOUR_MS / 12 + 17 * SECOND_MS);
  }

  #watch(userId: string, socket: OpenedSocket): WireWatch {
    const known = this.#watches.get(socket);
    if (known !== undefined) return known;
    const { url, openedAt } = socket;
    const { pathname, searchParams: query } = new URL(url);
    const room = decodeURIComponent(pathname.split("/").at(-2) ?? "");
    const { books, resumeEvents } = this;
    const ledger = this.ledger(room);
    const watch = new WireWatch({ room, userId, query, openedAt, ledger, books, resumeEvents });
    this.#watches.set(socket, watch);
    return watch;
  }

  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
  }
}
