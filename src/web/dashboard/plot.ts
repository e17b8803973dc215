import uPlot from "uplot";
import type { Stretch } from "./state/board.ts";
import type { Track } from "./state/track.ts";
import { valueWords } from "./text/words.ts";

/** What the pointer is at. */
export interface PlotEvents {
  /** The place of a reading, while the pointer is at one in this or a neighbouring chart. */
  pointed(index: number | undefined): void;
}

const HEIGHT = 180;
/** A line is told from its neighbours not by colour alone. */
const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [12, 3, 2, 3], [4, 4], [1, 4]];

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const exactClock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/** One chart on the page: lines over time, in the page's own colours. */
export class Plot {
  readonly #plot: uPlot;
  readonly #resizes: ResizeObserver;
  readonly #scheme = matchMedia("(prefers-color-scheme: dark)");
  #shown: [from: number, to: number] = [0, 1];

  /** `labels` are its lines. Every colour is a `.line-<n>`'s in `key`, so that CSS has the say. */
  constructor(
    frame: HTMLElement,
    key: HTMLElement,
    labels: readonly string[],
    { pointed }: PlotEvents,
  ) {
    const ink = () => getComputedStyle(frame).color;
    const rule = () => getComputedStyle(frame).borderTopColor;
    const axis = {
      stroke: ink,
      font: `12px ${getComputedStyle(document.body).fontFamily}`,
      grid: { stroke: rule, width: 1 },
      ticks: { show: false },
    };
    this.#plot = new uPlot(
      {
        width: width(frame),
        height: HEIGHT,
        padding: [8, 8, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, sync: { key: "dashboard" } },
        scales: {
          x: { range: () => this.#shown },
          y: { range: (_, low, high) => ySpan(low, high) },
        },
        axes: [
          {
            ...axis,
            size: 26,
            space: 80,
            values: (_, moments) => moments.map(momentText(moments)),
          },
          { ...axis, size: 56, space: 36, values: (_, values) => values.map(valueWords) },
        ],
        series: [
          {},
          ...labels.map((label, index) => ({
            label,
            stroke: () => colorOf(key, index),
            width: 2,
            dash: [...(DASHES[index] ?? [])],
          })),
        ],
        hooks: { setCursor: [({ cursor }) => pointed(cursor.idx ?? undefined)] },
      },
      [[], ...labels.map(() => [])],
      frame,
    );
    this.#resizes = new ResizeObserver(() =>
      this.#plot.setSize({ width: width(frame), height: HEIGHT }),
    );
    this.#resizes.observe(frame);
    this.#scheme.addEventListener("change", this.#redraw);
  }

  /** Shows what a track has of a stretch of time. */
  show({ times, series }: Track, { from, to }: Stretch): void {
    this.#shown = [from, to];
    this.#plot.setData([[...times], ...[...series.values()].map((values) => [...values])]);
  }

  /** Takes it off the page. */
  remove(): void {
    this.#resizes.disconnect();
    this.#scheme.removeEventListener("change", this.#redraw);
    this.#plot.destroy();
  }

  readonly #redraw = (): void => this.#plot.redraw(false);
}

function width(frame: HTMLElement): number {
  return Math.max(frame.clientWidth, 1);
}

function colorOf(key: HTMLElement, index: number): string {
  const swatch = key.querySelector(`.line-${index}`);
  return swatch === null ? "" : getComputedStyle(swatch).color;
}

/** Upright from zero, unless something is below it; a flat line is in the middle of something. */
function ySpan(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const [bottom, top] = uPlot.rangeNum(Math.min(low, 0), Math.max(high, 0), 0.1, true);
  if (low < 0) return [bottom ?? low, top ?? high];
  return [0, high === 0 ? 1 : (top ?? high)];
}

function momentText(moments: readonly number[]): (seconds: number) => string {
  const isFine = moments.some((seconds) => seconds % 60 !== 0);
  return (seconds) => (isFine ? exactClock : clock).format(seconds * 1_000);
}
