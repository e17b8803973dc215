import type { GameField, PlayerRow } from "../protocol/game-state.ts";
import type { GamePerson } from "./game-types.ts";

/** How a player is told and drawn. */
export interface Drawing {
  readonly fields: readonly GameField[];
  /** Names of fields that have nothing between two values. */
  readonly discrete: ReadonlySet<string>;
  /** How long what was told is kept, in ticks: what is drawn is never older. */
  readonly keptTicks: number;
}

interface Told {
  readonly tick: number;
  readonly row: PlayerRow;
}

/** One player as it was told lately, and as it is to be drawn between two ticks. */
export class ToldPlayer implements GamePerson {
  readonly id: number;
  readonly userId: string;
  readonly name: string;
  /** As it was drawn last: one object for all drawings. */
  readonly state: Record<string, number> = {};
  /** The first tick of which it is known to be there. */
  readonly since: number;
  /** The tick after which it was there no more. */
  goneAt = Number.POSITIVE_INFINITY;
  readonly #drawing: Drawing;
  readonly #told: Told[] = [];

  constructor({ id, userId, name }: GamePerson, since: number, drawing: Drawing) {
    this.id = id;
    this.since = since;
    this.userId = userId;
    this.name = name;
    this.#drawing = drawing;
  }

  /**
   * It was told anew.
   *
   * @param before the tick told before this one, at which it still was what it was before.
   */
  tell(tick: number, before: number, row: PlayerRow): void {
    const last = this.#told.at(-1);
    if (last !== undefined && last.tick < before) this.#told.push({ tick: before, row: last.row });
    this.#told.push({ tick, row });
    const oldest = tick - this.#drawing.keptTicks;
    while ((this.#told[1]?.tick ?? tick) < oldest) this.#told.shift();
  }

  /** Sets {@link state} to how it was at this tick, or between two. */
  draw(tick: number): void {
    let at = this.#told.length - 1;
    while (at > 0 && (this.#told[at]?.tick ?? 0) > tick) at -= 1;
    const from = this.#told[at];
    if (from === undefined) return;
    const to = this.#told[at + 1] ?? from;
    const share = to === from ? 0 : Math.max(0, (tick - from.tick) / (to.tick - from.tick));
    this.#mix(from.row, to.row, share);
  }

  /** How it was told last, as an object of its own. */
  get newest(): Record<string, number> {
    const row = this.#told.at(-1)?.row ?? [];
    const { fields } = this.#drawing;
    return Object.fromEntries(
      fields.map(({ name, scale }, at) => [name, (row[at + 1] ?? 0) / scale]),
    );
  }

  #mix(from: PlayerRow, to: PlayerRow, share: number): void {
    const { fields, discrete } = this.#drawing;
    for (let at = 0; at < fields.length; at += 1) {
      const field = fields[at];
      if (field === undefined) continue;
      const { name, scale } = field;
      const start = from[at + 1] ?? 0;
      const way = discrete.has(name) ? 0 : ((to[at + 1] ?? 0) - start) * share;
      this.state[name] = (start + way) / scale;
    }
  }
}
