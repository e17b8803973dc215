/** What a file imports, and where. */
export interface Import {
  /** As written; null where it is worked out while running, and nobody can follow it. */
  readonly from: string | null;
  readonly line: number;
}

/** A source file without what is no code. */
export interface Source {
  readonly lines: number;
  /** As long as the file and in the same lines; comments and what strings say are blanks. */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** Only names, braces and commas stand between `import` and `from`. */
const FROM = /(?<![.\w$])(?:import|export)\b[\w\s{},*$]*?\bfrom\s*(["'])/g;
const FOR_EFFECT = /(?<![.\w$])import\s*(["'])/g;
/** `import("…")`, of a value or a type. */
const CALLED = /(?<![.\w$])import\s*\(\s*(["'])?/g;

/** A slash after one of these, or after one of these words, begins a regular expression. */
const BEFORE_REGEX = /[(,=:[!&|?{;+*%>~^-]$|\b(?:return|typeof|case|in|of|throw|else|await|yield)$/;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** A string ends with its line, closed or not: an apostrophe in the text of JSX opens none for long. */
const STRING = /(["'])((?:\\[\s\S]|(?!\1)[^\\\n])*)\1?/y;
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const TEMPLATE_TEXT = /(?:\\[\s\S]|\$(?!\{)|[^\\`$])*/y;

/** Reads TypeScript as text: every form of import, of types too, and none in a comment or string. */
export function readSource(text: string): Source {
  const strings = new Map<number, string>();
  const code = codeOf(text, strings);
  const imports: Import[] = [];
  for (const pattern of [FROM, FOR_EFFECT, CALLED])
    for (const match of code.matchAll(pattern)) {
      const end = match.index + match[0].length;
      const from = match[1] === undefined ? null : (strings.get(end - 1) ?? null);
      imports.push({ from, line: lineAt(text, end) });
    }
  imports.sort((a, b) => a.line - b.line);
  return { lines: text.split("\n").length - (text.endsWith("\n") ? 1 : 0), code, imports };
}

/** The line of a place in a text, from 1. */
export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < index; at = text.indexOf("\n", at + 1))
    line++;
  return line;
}

/** Blanks comments, strings, templates' texts and regular expressions; notes what strings say. */
function codeOf(text: string, strings: Map<number, string>): string {
  let code = "";
  let at = 0;
  /** For every template that is open, how many braces are open in its `${}`. */
  const braces: number[] = [];

  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const blank = (length: number) => {
    code += text.slice(at, at + length).replace(/[^\n]/g, " ");
    at += length;
  };
  const keep = (length = 1) => {
    code += text.slice(at, at + length);
    at += length;
  };
  const template = () => {
    blank(take(TEMPLATE_TEXT)?.[0].length ?? 0);
    if (text[at] !== "$") return keep();
    keep(2);
    braces.push(0);
  };

  while (at < text.length) {
    const char = text.charAt(at);
    const open = braces.at(-1);
    if (char === "/") {
      const comment = take(COMMENT);
      const regex = BEFORE_REGEX.test(code.slice(-80).trimEnd()) ? take(REGEX) : null;
      if (comment !== null) blank(comment[0].length);
      else if (regex !== null) blank(regex[0].length);
      else keep();
    } else if (char === '"' || char === "'") {
      const [whole = char, , said = ""] = take(STRING) ?? [];
      strings.set(at, said);
      keep();
      blank(whole.length - 1);
    } else if (char === "`") {
      keep();
      template();
    } else if (char === "}" && open === 0) {
      keep();
      braces.pop();
      template();
    } else {
      if (open !== undefined && char === "{") braces[braces.length - 1] = open + 1;
      if (open !== undefined && char === "}") braces[braces.length - 1] = open - 1;
      keep();
    }
  }
  return code;
}
