import { useLayoutEffect, useRef } from "hono/jsx/dom";
import uPlot from "uplot";
import { stretchOf } from "../numbers/stretch.ts";
import { useDark } from "./use-dark.ts";

/** One line of a chart; `null` where nothing is known. */
export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const HEIGHT_PX = 112;
/** As the style sheet has them for the swatches. */
const COLORS = ["--accent", "--good"] as const;

/** A small chart over time. What it shows is in words beside it, so it is one image to a reader. */
export function Chart(props: {
  readonly label: string;
  /** Seconds since the epoch. */
  readonly at: readonly number[];
  readonly lines: readonly Line[];
  readonly words: (value: number | null) => string;
  /** The least that the scale reaches to, so that noise does not look like a mountain. */
  readonly least: number;
}) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const isDark = useDark();
  const data: uPlot.AlignedData = [[...props.at], ...props.lines.map(({ values }) => [...values])];

  useLayoutEffect(() => {
    const parent = box.current;
    if (parent === null) return;
    const names = props.lines.map(({ name }) => name);
    const made = new uPlot(
      optionsFor(names, props.words, props.least, parent.clientWidth),
      data,
      parent,
    );
    plot.current = made;
    const sizes = new ResizeObserver(() =>
      made.setSize({ width: parent.clientWidth, height: HEIGHT_PX }),
    );
    sizes.observe(parent);
    return () => {
      sizes.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [isDark]);
  useLayoutEffect(() => {
    plot.current?.setData(data);
  }, [props.at.at(-1), props.at.length]);

  return <div class="chart" ref={box} role="img" aria-label={props.label} />;
}

function optionsFor(
  names: readonly string[],
  words: (value: number | null) => string,
  least: number,
  width: number,
): uPlot.Options {
  const styles = getComputedStyle(document.documentElement);
  const color = (name: string) => styles.getPropertyValue(name).trim();
  const probe = document.createElement("span");
  document.body.append(probe);
  const resolved = (name: string) => {
    // A custom property keeps `light-dark()` as it is written; a canvas wants a colour.
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const ink = resolved("--ink-soft");
  const grid = { stroke: resolved("--line"), width: 1 };
  const series = names.map((label, i) => ({
    label,
    stroke: resolved(COLORS[i] ?? COLORS[0]),
    width: 1.75,
    points: { show: false },
    spanGaps: false,
  }));
  probe.remove();
  const font = `11px ${color("--font")}`;
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 12, 0, 0],
    scales: {
      x: { range: ({ data: [at] }) => [...stretchOf(at)] },
      y: { range: (_, __, max) => [0, Math.max(least, max * 1.1)] },
    },
    axes: [
      {
        stroke: ink,
        grid: { show: false },
        ticks: { show: false },
        font,
        size: 22,
        space: 80,
        values: (_, splits) => splits.map((at) => CLOCK.format(at * 1000)),
      },
      {
        stroke: ink,
        grid,
        ticks: { show: false },
        font,
        size: 56,
        space: 30,
        values: (_, splits) => splits.map((split) => words(split)),
      },
    ],
    series: [{}, ...series],
  };
}
