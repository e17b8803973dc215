import { isFailure, type Series } from "../rounds.ts";
import type { Column, Sample, Scenario, Target } from "../scenarios/scenario.ts";
import { spreadOf } from "./statistics.ts";

/** One scenario in Markdown: what was measured, ratios of the same round, and what was to be reached. */
export function tableOf(scenario: Scenario, series: readonly Series[]): string {
  const { title, name, columns, targets, notes } = scenario;
  const base = series[0];
  const head = ["server", ...columns.map(({ label }) => label)];
  const ratioColumn = columns[0];
  const withRatios = series.length > 1 && ratioColumn !== undefined && base !== undefined;
  if (withRatios) head.push(`${ratioColumn.label}: × ${base.server.name}`);
  head.push("has and lacks");
  const rows = series.map((one) => [
    one.server.name,
    ...columns.map((column) => cell(figuresOf(one, column.key), column)),
    ...(withRatios ? [ratioCell(one, base, ratioColumn.key)] : []),
    one.server.marks,
  ]);
  const failures = series.flatMap(({ server, rounds }) =>
    rounds.flatMap((round, index) =>
      isFailure(round) ? [`- FAILED: ${server.name}, run ${index + 1}: ${round.failure}`] : [],
    ),
  );
  return [
    `## ${title}`,
    `\`npm run bench -- ${name === "smoke" ? "--smoke" : `--only ${name}`}\``,
    [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n"),
    ...lines(failures),
    ...lines(targets.flatMap((target) => verdict(target, series) ?? [])),
    ...lines(notes.map((note) => `- ${note}`)),
  ].join("\n\n");
}

function lines(list: readonly string[]): readonly string[] {
  return list.length === 0 ? [] : [list.join("\n")];
}

function cell(figures: readonly number[], { digits }: Column): string {
  if (figures.length === 0) return "–";
  const { median, min, max } = spreadOf(figures);
  const write = (figure: number) => figure.toFixed(digits);
  return figures.length === 1 ? write(median) : `${write(median)} (${write(min)}–${write(max)})`;
}

function ratioCell(one: Series, base: Series, key: string): string {
  const ratios = ratiosOf(one, base, key);
  return one === base ? "1" : cell(ratios, { key, label: "", digits: 2 });
}

/** The target, what was reached, and whether that is enough: judged by the median. */
function verdict(target: Target, series: readonly Series[]): string | undefined {
  const find = (name: string) => series.find(({ server }) => server.name === name);
  const of = find(target.of);
  const to = target.kind === "ratio" ? find(target.to) : undefined;
  if (of === undefined || (target.kind === "ratio" && to === undefined)) return undefined;
  const figures = to === undefined ? figuresOf(of, target.column) : ratiosOf(of, to, target.column);
  const { median, min, max } = spreadOf(figures);
  const isMet = target.kind === "ratio" ? median >= target.atLeast : median <= target.atMost;
  const reached = `${median.toPrecision(3)}${target.kind === "ratio" ? "×" : ""} (${min.toPrecision(3)}–${max.toPrecision(3)})`;
  const bound =
    target.kind === "ratio"
      ? `${target.of} / ${target.to} ≥ ${Number(target.atLeast.toPrecision(2))}`
      : `≤ ${target.atMost}`;
  return `- ${isMet ? "met" : "**missed**"}: ${target.text}: ${reached}, wanted ${bound}`;
}

function figuresOf({ rounds }: Series, key: string): readonly number[] {
  return rounds.flatMap((round) => figureIn(round, key) ?? []);
}

/** Ratios within the same round, where both came to an end. */
function ratiosOf(one: Series, base: Series, key: string): readonly number[] {
  return one.rounds.flatMap((round, index) => {
    const figure = figureIn(round, key);
    const against = figureIn(base.rounds[index], key);
    return figure === undefined || against === undefined ? [] : [figure / against];
  });
}

function figureIn(round: Series["rounds"][number] | undefined, key: string): number | undefined {
  return round === undefined || isFailure(round) ? undefined : (round satisfies Sample)[key];
}
