/** One metric family, as a strict reader of Prometheus's text format 0.0.4 sees it. */
export interface Family {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

/** One line of numbers. */
export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const TYPES = new Set(["counter", "gauge", "histogram", "summary", "untyped"]);
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN)$/i;

/**
 * Reads a whole exposition and throws on everything that the format, or its naming practice, does
 * not allow: https://prometheus.io/docs/instrumenting/exposition_formats/. It shares no code with
 * what it checks.
 */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith("\n")) throw new Error("The last line has no line feed.");
  const families = new Map<string, { help: string; type: string; samples: Sample[] }>();
  const seen = new Set<string>();
  let current: string | undefined;
  let help: { name: string; text: string } | undefined;
  for (const line of text.slice(0, -1).split("\n")) {
    if (line.startsWith("# HELP ")) {
      const { 0: name = "", 1: words = "" } = splitOnce(line.slice(7));
      if (families.has(name) || help !== undefined) throw new Error(`HELP out of place: ${line}`);
      if (/\\(?![\\n])/.test(words)) throw new Error(`A bad escape in HELP: ${line}`);
      help = { name, text: words };
    } else if (line.startsWith("# TYPE ")) {
      const { 0: name = "", 1: type = "" } = splitOnce(line.slice(7));
      if (help?.name !== name) throw new Error(`TYPE without its HELP: ${line}`);
      if (!METRIC_NAME.test(name) || !TYPES.has(type)) throw new Error(`No such TYPE: ${line}`);
      if ((type === "counter") !== name.endsWith("_total")) {
        throw new Error(`Counters, and nothing else, end in _total: ${line}`);
      }
      families.set(name, { help: help.text, type, samples: [] });
      current = name;
      help = undefined;
    } else {
      const sample = parseSample(line);
      const family = current === undefined ? undefined : families.get(current);
      if (family === undefined || help !== undefined) throw new Error(`A stray sample: ${line}`);
      if (!belongs(sample.name, current ?? "", family.type)) {
        throw new Error(`A sample in another's family: ${line}`);
      }
      const labels = [...sample.labels].map((pair) => pair.join("=")).sort();
      const identity = [sample.name, ...labels].join(";");
      if (seen.has(identity)) throw new Error(`The same series twice: ${line}`);
      seen.add(identity);
      if (family.type === "counter" && !(sample.value >= 0)) {
        throw new Error(`A counter below zero: ${line}`);
      }
      family.samples.push(sample);
    }
  }
  for (const [name, { type, samples }] of families) {
    if (type === "histogram") checkHistogram(name, samples);
  }
  return families;
}

/** The value of one series; throws when it is not there. */
export function seriesValue(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const wanted = Object.entries(labels);
  for (const { samples } of families.values()) {
    for (const sample of samples) {
      if (
        sample.name === name &&
        sample.labels.size === wanted.length &&
        wanted.every(([key, value]) => sample.labels.get(key) === value)
      ) {
        return sample.value;
      }
    }
  }
  throw new Error(`No series ${name} ${JSON.stringify(labels)}`);
}

function parseSample(line: string): Sample {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0];
  if (name === undefined) throw new Error(`No sample: ${line}`);
  let at = name.length;
  const labels = new Map<string, string>();
  if (line[at] === "{") {
    at += 1;
    while (line[at] !== "}") {
      const label = /^([^=]+)="/.exec(line.slice(at));
      const key = label?.[1] ?? "";
      if (label === null || !LABEL_NAME.test(key) || labels.has(key)) {
        throw new Error(`A bad label at ${at}: ${line}`);
      }
      at += label[0].length;
      let value = "";
      for (; line[at] !== '"'; at++) {
        if (at >= line.length) throw new Error(`A label that does not end: ${line}`);
        if (line[at] !== "\\") {
          value += line[at];
          continue;
        }
        at += 1;
        const escaped = { "\\": "\\", '"': '"', n: "\n" }[line[at] ?? ""];
        if (escaped === undefined) throw new Error(`A bad escape at ${at}: ${line}`);
        value += escaped;
      }
      at += 1;
      labels.set(key, value);
      if (line[at] === ",") at += 1;
      else if (line[at] !== "}") throw new Error(`No comma at ${at}: ${line}`);
    }
    at += 1;
  }
  if (line[at] !== " ") throw new Error(`No space before the value: ${line}`);
  const text = line.slice(at + 1);
  if (!NUMBER.test(text)) throw new Error(`No number: ${line}`);
  return { name, labels, value: Number(text.replace(/Inf$/i, "Infinity")) };
}

function belongs(sample: string, family: string, type: string): boolean {
  return type === "histogram"
    ? ["_bucket", "_sum", "_count"].some((suffix) => sample === family + suffix)
    : sample === family;
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const bounds = buckets.map(({ labels }) => Number(labels.get("le")?.replace("Inf", "Infinity")));
  const counts = buckets.map(({ value }) => value);
  const rises = (numbers: readonly number[], step: (a: number, b: number) => boolean) =>
    numbers.every((number, i) => i === 0 || step(numbers[i - 1] ?? 0, number));
  if (!rises(bounds, (a, b) => a < b)) throw new Error(`${name}: bounds do not rise.`);
  if (bounds.at(-1) !== Infinity) throw new Error(`${name}: no +Inf bucket.`);
  if (!rises(counts, (a, b) => a <= b)) throw new Error(`${name}: buckets are not cumulative.`);
  const count = samples.find((sample) => sample.name === `${name}_count`)?.value;
  if (count !== counts.at(-1)) throw new Error(`${name}: _count is not the last bucket.`);
  if (!samples.some((sample) => sample.name === `${name}_sum`))
    throw new Error(`${name}: no _sum.`);
}

function splitOnce(text: string): readonly [string, string] {
  const space = text.indexOf(" ");
  return space < 0 ? [text, ""] : [text.slice(0, space), text.slice(space + 1)];
}
