import * as z from "zod";

/** What a run of a suite came to. */
export interface Verdict {
  /** How many tests the suite has, also where a part of it was run alone. */
  readonly total: number;
  readonly passed: number;
  /** Those that failed, in their order, by their whole titles. */
  readonly failed: readonly string[];
}

/** Lines of mocha's reporter "json-stream". */
const Line = z.union([
  z.tuple([z.literal("start"), z.object({ total: z.int().nonnegative() })]),
  z.tuple([z.literal("pass"), z.object({ fullTitle: z.string() })]),
  z.tuple([z.literal("fail"), z.object({ fullTitle: z.string() })]),
]);

/**
 * Reads what mocha printed. What the tests themselves print between is left out; of a run that was
 * cut short, what it came to until then is told.
 */
export function verdictOf(printed: string): Verdict {
  let total = 0;
  let passed = 0;
  const failed: string[] = [];
  for (const line of printed.split("\n")) {
    const read = Line.safeParse(jsonOf(line));
    if (!read.success) continue;
    const [kind, value] = read.data;
    if (kind === "start") total = value.total;
    else if (kind === "pass") passed += 1;
    else failed.push(value.fullTitle);
  }
  return { total, passed, failed };
}

/** Whether every test was run and passed; a suite without tests proves nothing. */
export function isWhole({ total, passed, failed }: Verdict): boolean {
  return total > 0 && passed === total && failed.length === 0;
}

/** What two parts of one suite came to; mocha tells for each how many tests the whole suite has. */
export function together(one: Verdict, other: Verdict): Verdict {
  return {
    total: one.total,
    passed: one.passed + other.passed,
    failed: [...one.failed, ...other.failed],
  };
}

function jsonOf(line: string): unknown {
  if (!line.startsWith("[")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
