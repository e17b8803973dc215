/** One number of a scrape, and what it is of. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

// A name, perhaps labels, a value, perhaps a time.
const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?$/;
const LABELS = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)",?/g;

/** Reads Prometheus's text format; throws on a line that is none of it. */
export function parseExposition(text: string): readonly Series[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(parseLine);
}

function parseLine(line: string): Series {
  const [, name, labels = "", number = ""] = LINE.exec(line) ?? [];
  const value = numberOf(number);
  if (name === undefined || value === undefined) throw new SyntaxError("This is no metrics text.");
  return { name, labels: parseLabels(labels), value };
}

function parseLabels(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(LABELS)].map(([, name = "", value = ""]) => [name, unescapeLabel(value)]),
  );
}

function unescapeLabel(value: string): string {
  return value.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}

function numberOf(text: string): number | undefined {
  const value = Number(text.replace(/^([+-]?)Inf$/i, "$1Infinity"));
  return Number.isNaN(value) && text !== "NaN" ? undefined : value;
}
