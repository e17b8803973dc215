import { CLOSE_CODES } from "../protocol/close-code.ts";
import { DOCUMENT_CLOSE_CODES } from "../protocol/document-close.ts";

/** How a connection ended. */
export interface Ending {
  readonly code: number;
  /** False when the peer vanished, or the room had to give it up. */
  readonly clean: boolean;
}

/** How connections ended that are counted together. */
export interface CountedEnding {
  /** A close code that is known, or `other`. */
  readonly code: string;
  readonly clean: boolean;
}

/** RFC 6455 §7.4.1 and the IANA registry it names: 1004 is reserved, 1012 to 1014 came later. */
const STANDARD_CODES = [
  1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015,
] as const;

const KNOWN_CODES: ReadonlySet<string> = new Set(
  [
    ...STANDARD_CODES,
    ...Object.values(CLOSE_CODES).map(({ code }) => code),
    ...Object.values(DOCUMENT_CLOSE_CODES),
  ].map(String),
);

/** What a code is counted under. A client may close with any of 2,000, and each would be kept for good. */
export function countedCode(code: number | string): string {
  const text = String(code);
  return KNOWN_CODES.has(text) ? text : "other";
}

/** Where the end of a connection is counted. */
export function endingKey({
  code,
  clean,
}: {
  readonly code: number | string;
  readonly clean: boolean;
}): string {
  return `${countedCode(code)} ${clean ? "clean" : "abnormal"}`;
}

/** Reads what {@link endingKey} wrote. */
export function parseEndingKey(key: string): CountedEnding {
  const [code = "other", manner] = key.split(" ");
  return { code, clean: manner === "clean" };
}

/** The same endings, each counted where it would be today. */
export function foldEndings(tally: Readonly<Record<string, number>>): Record<string, number> {
  const folded: Record<string, number> = {};
  for (const [key, count] of Object.entries(tally)) {
    const today = endingKey(parseEndingKey(key));
    folded[today] = (folded[today] ?? 0) + count;
  }
  return folded;
}
