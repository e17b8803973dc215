import { isFailure, type Series } from "../rounds.ts";
import type { Column, Scenario } from "../scenarios/scenario.ts";
import { spreadOf } from "../statistics.ts";
import { figuresOf, ratiosOf } from "./figures.ts";
import { verdict } from "./verdict.ts";

/**
 * One scenario in Markdown: what was measured, ratios of the same round, and what was to be reached.
 *
 * @param command what measures just this table again.
 */
export function tableOf(scenario: Scenario, series: readonly Series[], command: string): string {
  const { title, columns, targets, notes } = scenario;
  const base = series[0];
  const head = ["server", ...columns.map(({ label }) => label)];
  const ratioColumn = columns[0];
  const withRatios = series.length > 1 && ratioColumn !== undefined && base !== undefined;
  if (withRatios) head.push(`${ratioColumn.label}: × ${base.server.name}`);
  head.push("has and lacks");
  const rows = series.map((one) => [
    one.server.name + runsOf(one),
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
    `\`${command}\``,
    [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n"),
    ...lines(failures),
    ...lines(targets.flatMap((target) => verdict(target, series) ?? [])),
    ...lines(notes.map((note) => `- ${note}`)),
  ].join("\n\n");
}

/** How many of the runs the figures are of, where that is not all. */
function runsOf({ rounds }: Series): string {
  const whole = rounds.filter((round) => !isFailure(round)).length;
  return whole === rounds.length ? "" : ` (${whole}/${rounds.length} runs)`;
}

function lines(list: readonly string[]): readonly string[] {
  return list.length === 0 ? [] : [list.join("\n")];
}

function cell(figures: readonly number[], { digits, marksAbove }: Column): string {
  if (figures.length === 0) return "–";
  const { median, min, max } = spreadOf(figures);
  const write = (figure: number) => figure.toFixed(digits);
  const mark = marksAbove !== undefined && max > marksAbove ? " †" : "";
  const spread = figures.length === 1 ? "" : ` (${write(min)}–${write(max)})`;
  return `${write(median)}${spread}${mark}`;
}

function ratioCell(one: Series, base: Series, key: string): string {
  const ratios = ratiosOf(one, base, key);
  if (one === base && ratios.length > 0) return "1";
  return cell(ratios, { key, label: "", digits: 2 });
}
