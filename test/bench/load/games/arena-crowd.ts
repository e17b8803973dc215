import { pause } from "../../../support/pause.ts";
import { until } from "../../../support/until.ts";
import type { GameDialect, Heading } from "./game-dialect.ts";
import { RawPlayer } from "./raw-player.ts";

/** What was told in a stretch of playing. */
export interface Played {
  /** Ticks that a reader was told of: the median of all readers. */
  readonly ticks: number;
  /** Bytes of messages, of all readers together. */
  readonly bytes: number;
  /** What the players said in all. */
  readonly inputs: number;
  /** Milliseconds between two ticks, of all readers. */
  readonly gapsMs: readonly number[];
  readonly ms: number;
}

const AT_ONCE = 8;
const JOINED_TIMEOUT_MS = 20_000;
/**
 * A square askew, so that both coordinates change with every step, and small, so that nobody comes
 * to the edge, where it would stand still.
 */
const HEADINGS: readonly Heading[] = [30, 120, 210, 300].map((degrees) => ({
  dx: Math.cos((degrees * Math.PI) / 180),
  dy: Math.sin((degrees * Math.PI) / 180),
}));
/** So long a player goes one way. */
const SIDE_MS = 500;

/** Who is in an arena. */
export interface ArenaCrowdSize {
  readonly players: number;
  /** Of these, who walks about. */
  readonly walkers: number;
}

/** Everybody in an arena: those who walk about, and those who stand. */
export class ArenaCrowd {
  readonly players: readonly RawPlayer[];
  readonly #walkers: readonly RawPlayer[];
  #turns = 0;

  private constructor(dialect: GameDialect, { players, walkers }: ArenaCrowdSize) {
    this.players = Array.from({ length: players }, () => new RawPlayer(dialect));
    const every = players / walkers;
    this.#walkers = this.players.filter((_, index) => index % every === 0);
  }

  /** Lets everyone in, and waits until each has been told of a tick. */
  static async gather(dialect: GameDialect, size: ArenaCrowdSize): Promise<ArenaCrowd> {
    const crowd = new ArenaCrowd(dialect, size);
    try {
      const waiting = crowd.players.map((player, index) => ({ player, index })).reverse();
      const work = async () => {
        for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
          await next.player.join(next.index);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      // A server that tells only of what changes has nothing to tell until somebody walks.
      await crowd.play(SIDE_MS, 0);
      const areTold = () => crowd.players.every(({ arrivals }) => arrivals.length > 0);
      await until(areTold, JOINED_TIMEOUT_MS);
      if (!areTold()) throw new Error("Not everybody was told of the game.");
      return crowd;
    } catch (error) {
      crowd.leave();
      throw error;
    }
  }

  get #bytes(): number {
    return this.players.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * Walks about for so long.
   *
   * @param aimHz how often a second a walker says anew where it goes; 0 for only when that changes.
   */
  async play(ms: number, aimHz: number): Promise<Played> {
    for (const player of this.players) player.arrivals = [];
    const before = this.#bytes;
    const perSecond = Math.max(aimHz, 1_000 / SIDE_MS) * this.#walkers.length;
    const everyMs = 1_000 / perSecond;
    const turnsASide = (SIDE_MS * perSecond) / 1_000;
    const startedAt = performance.now();
    let inputs = 0;
    for (; inputs * everyMs < ms; inputs += 1) {
      const dueAt = startedAt + inputs * everyMs;
      for (let wait = dueAt - performance.now(); wait > 0; wait = dueAt - performance.now()) {
        await pause(wait);
      }
      const side = Math.floor(this.#turns / turnsASide) % HEADINGS.length;
      this.#walkers[this.#turns % this.#walkers.length]?.go(HEADINGS[side] ?? { dx: 0, dy: 0 });
      this.#turns += 1;
    }
    const took = performance.now() - startedAt;
    const lost = this.players.filter(({ isLost }) => isLost).length;
    if (lost > 0) throw new Error(`${lost} of ${this.players.length} players were cut off.`);
    const counts = this.players.map(({ arrivals }) => arrivals.length).sort((a, b) => a - b);
    return {
      ticks: counts[Math.floor(counts.length / 2)] ?? 0,
      bytes: this.#bytes - before,
      inputs,
      gapsMs: this.players.flatMap(({ arrivals }) => gapsOf(arrivals)),
      ms: took,
    };
  }

  /** Cuts everyone. */
  leave(): void {
    for (const player of this.players) player.leave();
  }
}

function gapsOf(arrivals: readonly number[]): readonly number[] {
  return arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? at));
}
