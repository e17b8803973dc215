import type { Game } from "../contract/game.ts";
import type { GameField } from "../protocol/game-state.ts";
import type { GameOptions, GamePerson } from "./game-types.ts";
import { type Bounds, Glide } from "./glide.ts";
import { type PlayerState, Prediction } from "./prediction.ts";

/** Whoever is farther off than so many of its longest ways in a tick was put there, and did not go. */
const LONGEST_WAYS = 12;

/** What is shown, and when that is: in milliseconds, and in ticks as they are counted here. */
export interface Moment {
  readonly now: number;
  readonly count: number;
}

interface Before {
  readonly shown: PlayerState;
  readonly moment: Moment;
  readonly wasMoved: boolean;
}

/** How an own player is shown. */
export interface Showing {
  readonly snap: GameOptions["snap"];
  readonly discrete: ReadonlySet<string>;
  /** Where it is heard of what is wrong with the game's own code, as it runs here. */
  readonly report: (error: unknown) => void;
}

/**
 * The player of this user: moved by the game's own rules before the server says so, and brought to where
 * that says it is. Where those rules cannot run here, it is as any other player.
 */
export class OwnPlayer {
  readonly #showing: Showing;
  readonly #scales: ReadonlyMap<string, number>;
  readonly #glide = new Glide();
  #hasFailed = false;
  #prediction: Prediction | undefined;
  /** How it was shown before something was learned of it, which has not been shown yet. */
  #before: Before | undefined;

  constructor(game: Game, fields: readonly GameField[], showing: Showing) {
    this.#showing = showing;
    this.#scales = new Map(fields.map(({ name, scale }) => [name, scale]));
    this.#prediction = this.#run(() => new Prediction(game, showing.discrete));
  }

  /**
   * Something is to be learned of it.
   *
   * @param shownAt how it is shown then, if it is.
   */
  changes(shownAt: () => Readonly<PlayerState> | undefined, moment: Moment): void {
    // Nobody has seen it since something else was learned.
    if (this.#before !== undefined) return;
    const shown = shownAt();
    if (shown === undefined) return;
    const wasMoved = this.#prediction?.isMoved ?? false;
    this.#before = { shown: { ...shown }, moment, wasMoved };
  }

  /** The server told how it stands; see {@link Prediction.told}. */
  told(tick: number, person: GamePerson, state: PlayerState, shared: Readonly<PlayerState>): void {
    this.#prediction?.told(tick, person, state, shared);
  }

  /** An input was sent. */
  sent(messageId: string, input: unknown, { count }: Moment): void {
    this.#prediction?.begin(messageId, input, count);
  }

  /** The server has used an input, from this tick on. */
  applied(messageId: string, tick: number): void {
    this.#prediction?.applied(messageId, tick);
  }

  /** The server has refused an input, and goes on by the one before; or by none. */
  refused(messageId: string, isStopped: boolean): void {
    if (isStopped) this.#prediction?.stop();
    else this.#prediction?.refused(messageId);
  }

  /** What was wanted is void. */
  stop(): void {
    this.#prediction?.stop();
  }

  /** Sets a state, which is as it was told a moment ago, to how it is to be shown. */
  show(state: PlayerState, { now, count }: Moment): void {
    const before = this.#before;
    this.#before = undefined;
    if (before !== undefined && (before.wasMoved || this.#prediction?.isMoved === true)) {
      const actual = this.#at(before.moment.count) ?? { ...state };
      this.#glide.begin(before.shown, actual, before.moment.now, (name) => this.#boundsOf(name));
    }
    Object.assign(state, this.#at(count));
    this.#glide.apply(state, now);
  }

  #at(count: number): PlayerState | undefined {
    return this.#run(() => this.#prediction?.at(count));
  }

  #boundsOf(name: string): Bounds {
    const { snap, discrete } = this.#showing;
    const seen = this.#prediction?.longest[name] ?? 0;
    const farthest = snap?.[name] ?? seen * LONGEST_WAYS;
    // What it was told is rounded.
    return { least: 1 / (this.#scales.get(name) ?? 1), snap: discrete.has(name) ? 0 : farthest };
  }

  /** Runs the game's own code; after what has failed once, it is not run again. */
  #run<T>(work: () => T): T | undefined {
    if (this.#hasFailed) return undefined;
    try {
      return work();
    } catch (error) {
      this.#hasFailed = true;
      this.#prediction = undefined;
      this.#showing.report(error);
      return undefined;
    }
  }
}
