import { isFailure, type Series } from "../rounds.ts";
import type { Target } from "../scenarios/scenario.ts";
import { spreadOf } from "../statistics.ts";
import { figuresOf, ratiosOf } from "./figures.ts";

/**
 * The target, what was reached, and whether that is enough. It never is when a run of either side
 * failed: what the others reached is no answer to why. `undefined` when a side was not measured.
 */
export function verdict(target: Target, series: readonly Series[]): string | undefined {
  const find = (name: string) => series.find(({ server }) => server.name === name);
  const of = find(target.of);
  const to = target.kind === "ratio" ? find(target.to) : undefined;
  if (of === undefined || (target.kind === "ratio" && to === undefined)) return undefined;
  const figures =
    to === undefined || target.kind !== "ratio"
      ? figuresOf(of, target.column)
      : ratiosOf(of, to, target.column, target.toColumn);
  const failed = [of, ...(to === undefined ? [] : [to])].flatMap(failuresOf);
  const isMet = failed.length === 0 && figures.length > 0 && suffices(target, figures);
  const reached = [...failed, ...(figures.length === 0 ? [] : [spread(target, figures)])];
  return `- ${isMet ? "met" : "**missed**"}: ${target.text}: ${reached.join("; ")}, wanted ${bound(target)}`;
}

function suffices(target: Target, figures: readonly number[]): boolean {
  const { median, max } = spreadOf(figures);
  if (target.kind === "ratio") return median >= target.atLeast;
  return (target.judgedBy === "worst" ? max : median) <= target.atMost;
}

function failuresOf({ server, rounds }: Series): readonly string[] {
  const failed = rounds.filter(isFailure).length;
  return failed === 0 ? [] : [`${failed} of ${rounds.length} runs of ${server.name} failed`];
}

function spread({ kind }: Target, figures: readonly number[]): string {
  const { median, min, max } = spreadOf(figures);
  const unit = kind === "ratio" ? "×" : "";
  return `${median.toPrecision(3)}${unit} (${min.toPrecision(3)}–${max.toPrecision(3)})`;
}

function bound(target: Target): string {
  if (target.kind === "ratio") {
    return `${target.of} / ${target.to} ≥ ${Number(target.atLeast.toPrecision(2))}`;
  }
  return `≤ ${target.atMost}${target.judgedBy === "worst" ? " in every run" : ""}`;
}
