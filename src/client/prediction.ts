import type { AnyGameRules, Game } from "../contract/game.ts";
import type { GamePerson } from "./game-types.ts";

/** So far ahead of what was told a player is moved, in ticks and in milliseconds. */
const TICKS_MAX = 30;
const MS_MAX = 1_000;
/** Inputs that the server has not used yet: at one a tick more than are looked at. */
const HELD_MAX = 64;

/** A player's fields. */
export type PlayerState = Record<string, number>;

/** What the own player wants from some moment on. */
interface Held {
  readonly messageId: string;
  readonly input: unknown;
  /** The tick, as they are counted here, from which on it is moved by it. */
  readonly from: number;
  /** The server's first tick that used it, once it has said so. */
  appliedAt?: number;
}

/** What a game's rules are handed beside the player: as of the tick that is made. */
interface Around {
  readonly world: unknown;
  readonly shared: PlayerState;
  tick: number;
}

/**
 * Where the own player is by now: where the server told it to be, and from there on by the game's own
 * `steer`, as long as each input was held here and the server had not used it yet.
 */
export class Prediction {
  readonly #rules: AnyGameRules;
  readonly #tickHz: number;
  readonly #world: unknown;
  readonly #discrete: ReadonlySet<string>;
  #held: Held[] = [];
  #person: GamePerson = { id: 0, userId: "", name: "" };
  #shared: Readonly<PlayerState> = {};
  #tick = 0;
  /** As it was told, and the tick before if that was told too. */
  #told: PlayerState | undefined;
  #before: PlayerState | undefined;
  /** The longest way that a field was seen to go in a tick. */
  readonly longest: PlayerState = {};

  /**
   * @param discrete fields that have nothing between two values.
   * @throws what the game's own `world` throws.
   */
  constructor({ rules, shared, tickHz }: Game, discrete: ReadonlySet<string>) {
    this.#discrete = discrete;
    this.#rules = rules;
    this.#tickHz = tickHz;
    // What `steer` may read of it is what never changes: what was kept is the server's.
    const zeros = Object.fromEntries(Object.keys(shared).map((name) => [name, 0]));
    this.#world = rules.world?.(undefined, zeros);
  }

  /** Whether it is moved by anything: else there is nothing to know better than the server. */
  get isMoved(): boolean {
    return this.#told !== undefined && this.#held.length > 0;
  }

  /** The server told how it stands after a tick. */
  told(tick: number, person: GamePerson, state: PlayerState, shared: Readonly<PlayerState>): void {
    this.#before = tick === this.#tick + 1 ? this.#told : undefined;
    this.#tick = tick;
    this.#person = person;
    this.#told = state;
    this.#shared = shared;
    this.#forget();
  }

  /** An input was sent, and moves it from here on. */
  begin(messageId: string, input: unknown, count: number): void {
    this.#held.push({ messageId, input, from: Math.floor(count) });
    if (this.#held.length > HELD_MAX) this.#held.shift();
  }

  /** The server has used an input, from this tick on. */
  applied(messageId: string, tick: number): void {
    const held = this.#held.find((one) => one.messageId === messageId);
    if (held !== undefined) held.appliedAt = tick;
    this.#forget();
  }

  /** The server has refused an input. */
  refused(messageId: string): void {
    this.#held = this.#held.filter((one) => one.messageId !== messageId);
  }

  /** It stands where it is told to be: what was wanted is void. */
  stop(): void {
    this.#held = [];
  }

  /**
   * Where it is when so many ticks were counted; `undefined` when it is not moved.
   *
   * @throws what the game's own `steer` throws, or {TypeError} for what it cannot do here.
   */
  at(count: number): PlayerState | undefined {
    if (this.#told === undefined || !this.isMoved) return undefined;
    const state = { ...this.#told };
    const around = { world: this.#world, shared: { ...this.#shared }, tick: this.#tick };
    let left = Math.min(TICKS_MAX, (MS_MAX * this.#tickHz) / 1_000);
    for (const [at, held] of this.#held.entries()) {
      const until = this.#held[at + 1]?.from ?? count;
      const wanted = until - held.from - (at === 0 ? this.#doneOf(held) : 0);
      // The server is ahead: within the tick that it told last.
      if (wanted < 0 && this.#held.length === 1) return this.#back(state, wanted);
      const ticks = Math.min(left, Math.max(0, wanted));
      for (let made = 0; made < Math.floor(ticks); made += 1)
        this.#steer(state, held.input, around);
      const share = ticks % 1;
      left -= ticks;
      if (share > 0) {
        const next = { ...state };
        this.#steer(next, held.input, around);
        this.#mix(state, next, share);
      }
      if (left <= 0) break;
    }
    return state;
  }

  #doneOf({ appliedAt = Number.POSITIVE_INFINITY }: Held): number {
    return Math.max(0, this.#tick - appliedAt + 1);
  }

  #back(state: PlayerState, ticks: number): PlayerState {
    if (this.#before !== undefined) this.#mix(state, this.#before, Math.min(1, -ticks));
    return state;
  }

  /** Moves it on by a tick. */
  #steer(state: PlayerState, input: unknown, around: Around): void {
    around.tick += 1;
    const before = { ...state };
    const player = Object.freeze({ ...this.#person, state });
    const answer: unknown = this.#rules.steer({
      player,
      input,
      dt: 1 / this.#tickHz,
      ...around,
    });
    if (answer instanceof Promise) {
      answer.catch(() => {});
      throw new TypeError("A game's steer is not asynchronous.");
    }
    for (const [name, from] of Object.entries(before)) {
      const to = state[name];
      if (!Number.isFinite(to)) {
        throw new TypeError(`A game's steer needs what no client is told: ${name} is ${to}.`);
      }
      this.longest[name] = Math.max(this.longest[name] ?? 0, Math.abs(Number(to) - from));
    }
  }

  /** Inputs of which the server has used a later one move nothing any more. */
  #forget(): void {
    let used = this.#held.length - 1;
    while (used > 0 && (this.#held[used]?.appliedAt ?? Number.POSITIVE_INFINITY) > this.#tick)
      used -= 1;
    if (used > 0) this.#held = this.#held.slice(used);
  }

  /** Moves a state towards another one, by a share of the way. */
  #mix(state: PlayerState, other: PlayerState, share: number): void {
    for (const [name, to] of Object.entries(other)) {
      const from = state[name] ?? to;
      if (!this.#discrete.has(name)) state[name] = from + (to - from) * share;
    }
  }
}
