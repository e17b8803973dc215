import type { Game } from "../contract/game.ts";
import type { GameState } from "../protocol/game-state.ts";
import type { GreetedGame } from "./game-shape.ts";
import type { GamePerson } from "./game-types.ts";
import { type Moment, OwnPlayer, type Showing } from "./own-player.ts";
import type { PlayerState } from "./prediction.ts";
import { TickTime } from "./tick-time.ts";
import { ToldGame } from "./told-game.ts";
import type { ToldPlayer } from "./told-player.ts";

/** What was told is kept for so long, in milliseconds and in ticks: what is drawn is never older. */
const KEPT_MS = 500;
const KEPT_TICKS = 5;

/** How a game is drawn; without the game itself nothing of it is known better than the server. */
export interface PictureParts extends Showing {
  readonly game: Game | undefined;
}

/**
 * A game as it looks at any moment: others between two states that were told, and the own player where it
 * is by now. Every `now` is milliseconds by a clock that only goes up.
 */
export class GamePicture {
  /** Whether the own player is shown where it is by now; else as any other. */
  predicts = true;
  /** Of those who play. */
  playerId: number | undefined;
  readonly #greeted: GreetedGame;
  readonly #told: ToldGame;
  readonly #time: TickTime;
  readonly #own: OwnPlayer | undefined;
  #shared: Readonly<PlayerState>;

  constructor(greeted: GreetedGame, { game, ...showing }: PictureParts) {
    const { fields, shared, tickHz } = greeted;
    this.#greeted = greeted;
    const keptTicks = Math.max(KEPT_TICKS, Math.ceil((KEPT_MS * tickHz) / 1_000));
    this.#told = new ToldGame({ fields, discrete: showing.discrete, keptTicks });
    this.#time = new TickTime(tickHz);
    this.#own = game === undefined ? undefined : new OwnPlayer(game, fields, showing);
    this.#shared = Object.freeze(Object.fromEntries(shared.map(({ name }) => [name, 0])));
  }

  get tick(): number {
    return this.#told.tick;
  }

  get people(): readonly GamePerson[] {
    return this.#told.people;
  }

  /** What the game told beside its players: another object when it has changed. */
  get shared(): Readonly<PlayerState> {
    return this.#shared;
  }

  /** Whether this is a state of this very game, and comes after those it has. */
  takes({ tick, players, shared = [] }: GameState): boolean {
    const { fields, shared: sharedFields } = this.#greeted;
    return (
      tick >= this.tick &&
      players.every(({ length }) => length === fields.length + 1) &&
      (shared.length === 0 || shared.length === sharedFields.length)
    );
  }

  /**
   * Takes a state in; whether other people are there now.
   *
   * @param madeAt when it was made, by the server's clock.
   */
  take(state: GameState, madeAt: number, now: number): boolean {
    this.#changes(now);
    this.#time.told(state.tick, madeAt, now);
    const haveChanged = this.#told.take(state);
    if (state.shared !== undefined) this.#share(state.shared);
    const player = this.#mine;
    if (player !== undefined) this.#own?.told(state.tick, player, player.newest, this.#shared);
    return haveChanged;
  }

  /** All players, in one array and objects of all drawings. */
  players(now: number): readonly ToldPlayer[] {
    const drawn = this.#told.draw(this.#time.shownAt(now));
    this.#showOwn(now);
    return drawn;
  }

  /** The own one of {@link players}. */
  me(now: number): ToldPlayer | undefined {
    const player = this.#mine;
    player?.draw(this.#time.shownAt(now));
    this.#showOwn(now);
    return player;
  }

  /** An input was sent. */
  sent(messageId: string, input: unknown, now: number): void {
    this.#changes(now);
    this.#own?.sent(messageId, input, this.#moment(now));
  }

  /** The server has used an input, from this tick on. */
  applied(messageId: string, tick: number, now: number): void {
    this.#changes(now);
    this.#own?.applied(messageId, tick);
  }

  /** The server has refused an input; see {@link OwnPlayer.refused}. */
  refused(messageId: string, isStopped: boolean, now: number): void {
    this.#changes(now);
    this.#own?.refused(messageId, isStopped);
  }

  /** What was wanted is void. */
  stop(now: number): void {
    this.#changes(now);
    this.#own?.stop();
  }

  get #mine(): ToldPlayer | undefined {
    return this.playerId === undefined ? undefined : this.#told.get(this.playerId);
  }

  #moment(now: number): Moment {
    return { now, count: this.#time.countAt(now) };
  }

  #changes(now: number): void {
    if (this.predicts) this.#own?.changes(() => this.me(now)?.state, this.#moment(now));
  }

  #showOwn(now: number): void {
    const player = this.#mine;
    if (this.predicts && player !== undefined) this.#own?.show(player.state, this.#moment(now));
  }

  #share(row: readonly number[]): void {
    const named = this.#greeted.shared.map(({ name, scale }, at) => [name, (row[at] ?? 0) / scale]);
    const shared = Object.fromEntries(named) as PlayerState;
    const hasChanged = Object.entries(shared).some(([name, value]) => value !== this.#shared[name]);
    if (hasChanged) this.#shared = Object.freeze(shared);
  }
}
