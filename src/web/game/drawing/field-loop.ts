import { ARENA_SIZE } from "../../../kinds/game/arena.ts";
import type { Controls } from "../input/controls.ts";
import { areEqual, type Direction, STILL } from "../input/direction.ts";
import type { ArenaRoom, ArenaSession } from "../session.ts";
import { drawField, type Measures, type Surface } from "./draw-field.ts";
import { FrameRate } from "./frame-rate.ts";
import { type InGame, type Look, looksOf } from "./looks.ts";
import { onPaletteChange, type Palette, paletteOf } from "./palette.ts";

/** A player and the coin touch, as one sees it, where the server says that they do: 40 from each other. */
const MEASURES: Measures = { size: ARENA_SIZE, playerRadius: 24, coinRadius: 16 };

/** More points than these to a CSS pixel nobody sees move, and they all have to be filled. */
const MAX_RATIO = 2;

/** What is drawn where, and by whose wishes. */
export interface FieldLoopOptions {
  readonly canvas: HTMLCanvasElement;
  readonly controls: Controls;
  readonly session: ArenaSession;
  /** Told once a second how many frames were drawn in it. */
  readonly showRate: (framesPerSecond: number) => void;
}

/** Frame by frame: what the player wants goes to the game, and what the game shows to the canvas. */
export class FieldLoop {
  readonly #options: FieldLoopOptions;
  readonly #rate = new FrameRate();
  readonly #stopped = new AbortController();
  readonly #paint: CanvasRenderingContext2D | null;
  /** Read off the canvas with the next frame, once that is part of the page. */
  #palette: Palette | undefined;
  #frame: number;
  #wanted: Direction = STILL;
  #people: readonly InGame[] = [];
  #looks: ReadonlyMap<number, Look> = new Map();

  constructor(options: FieldLoopOptions) {
    this.#options = options;
    const { canvas } = options;
    // Nothing is to be seen through it.
    this.#paint = canvas.getContext("2d", { alpha: false });
    const changed = () => {
      this.#palette = undefined;
    };
    onPaletteChange(changed, this.#stopped.signal);
    this.#frame = requestAnimationFrame(this.#next);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#stopped.abort();
  }

  readonly #next = (now: number): void => {
    this.#frame = requestAnimationFrame(this.#next);
    const { session, showRate } = this.#options;
    const { room } = session;
    this.#steer(room);
    this.#draw(room, now);
    const rate = this.#rate.drawn(now);
    if (rate !== undefined) showRate(rate);
  };

  #steer(room: ArenaRoom | undefined): void {
    if (room?.canPlay !== true) return;
    const direction = this.#options.controls.direction;
    // The SDK would find that as well, with more ado.
    if (areEqual(direction, this.#wanted)) return;
    room.want(direction);
    this.#wanted = direction;
  }

  #draw(room: ArenaRoom | undefined, now: number): void {
    const surface = this.#surface();
    if (surface === undefined) return;
    const { coinX, coinY } = room?.shared ?? {};
    const picture = {
      players: room?.players(now) ?? [],
      ownId: room?.playerId,
      looks: this.#looksOf(room?.people ?? []),
      coin: coinX === undefined || coinY === undefined ? undefined : { x: coinX, y: coinY },
      // Whoever only watches has nothing to steer.
      stick: room?.canPlay === true ? this.#options.controls.stick : undefined,
    };
    drawField(surface, picture, MEASURES);
  }

  #looksOf(people: readonly InGame[]): ReadonlyMap<number, Look> {
    if (people !== this.#people) {
      this.#looks = looksOf(people, this.#people);
      this.#people = people;
    }
    return this.#looks;
  }

  /** What to draw on, as many points large as it is on the screen; nothing while it is not shown. */
  #surface(): Surface | undefined {
    const { canvas } = this.#options;
    const size = canvas.clientWidth;
    if (this.#paint === null || size === 0) return undefined;
    const ratio = Math.min(MAX_RATIO, devicePixelRatio);
    const points = Math.round(size * ratio);
    if (canvas.width !== points || canvas.height !== points) {
      canvas.width = points;
      canvas.height = points;
    }
    this.#paint.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#palette ??= paletteOf(canvas);
    return { paint: this.#paint, size, palette: this.#palette };
  }
}
