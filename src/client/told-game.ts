import type { GameState } from "../protocol/game-state.ts";
import type { GamePerson } from "./game-types.ts";
import { type Drawing, ToldPlayer } from "./told-player.ts";

/** The players of a game as they are told: who is there, and each as it was lately. */
export class ToldGame {
  readonly #drawing: Drawing;
  readonly #players = new Map<number, ToldPlayer>();
  /** Those who are gone, and are to be drawn for a moment yet. */
  #leaving: readonly ToldPlayer[] = [];
  readonly #drawn: ToldPlayer[] = [];
  #tick: number | undefined;

  constructor(drawing: Drawing) {
    this.#drawing = drawing;
  }

  /** The newest that was told of; 0 before. */
  get tick(): number {
    return this.#tick ?? 0;
  }

  get(id: number): ToldPlayer | undefined {
    return this.#players.get(id);
  }

  /** Who plays and is in sight. */
  get people(): readonly GamePerson[] {
    return [...this.#players.values()].map(({ id, userId, name }) => ({ id, userId, name }));
  }

  /**
   * Takes a state in; whether other people are there now. Ticks only go up: of a game that has gone back
   * another one is made.
   */
  take({ tick, players, gone = [], full, who = [] }: GameState): boolean {
    const before = this.#tick;
    this.#tick = tick;
    let hasChanged = before === undefined;
    const names = new Map(who.map(([id, userId, name]) => [id, { id, userId, name }]));
    const there = full ? new Set(players.map(([id = 0]) => id)) : undefined;
    for (const [id, { userId }] of this.#players) {
      const isAnother = (names.get(id)?.userId ?? userId) !== userId;
      const isGone = gone.includes(id) || there?.has(id) === false || isAnother;
      if (!isGone) continue;
      this.#remove(id);
      hasChanged = true;
    }
    for (const row of players) {
      const [id = 0] = row;
      const known = this.#players.get(id);
      const player = known ?? this.#add(names.get(id) ?? { id, userId: "", name: "" }, before);
      player.tell(tick, before ?? tick, row);
      hasChanged ||= known === undefined;
    }
    const oldest = tick - this.#drawing.keptTicks;
    this.#leaving = this.#leaving.filter(({ goneAt }) => goneAt > oldest);
    return hasChanged;
  }

  /** All as they were at this tick, or between two: in one array, and objects, of all drawings. */
  draw(tick: number): readonly ToldPlayer[] {
    let count = 0;
    const draw = (player: ToldPlayer) => {
      if (player.goneAt <= tick || player.since > tick) return;
      player.draw(tick);
      this.#drawn[count] = player;
      count += 1;
    };
    for (const player of this.#leaving) draw(player);
    for (const player of this.#players.values()) draw(player);
    this.#drawn.length = count;
    return this.#drawn;
  }

  #add(person: GamePerson, before: number | undefined): ToldPlayer {
    // Those of the first state were there before it.
    const since = before === undefined ? Number.NEGATIVE_INFINITY : this.tick;
    const player = new ToldPlayer(person, since, this.#drawing);
    this.#players.set(person.id, player);
    return player;
  }

  #remove(id: number): void {
    const player = this.#players.get(id);
    if (player === undefined) return;
    this.#players.delete(id);
    player.goneAt = this.tick;
    this.#leaving = [...this.#leaving, player];
  }
}
