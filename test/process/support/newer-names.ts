/** What some runtime of README's table lacks, each with what has it. */
export const NEWER: readonly (readonly [owner: string, names: readonly string[]])[] = [
  ["Promise", ["withResolvers", "try"]],
  ["URL", ["canParse", "parse"]],
  ["String.prototype", ["isWellFormed", "toWellFormed"]],
  [
    "Array.prototype",
    ["findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with", "group"],
  ],
  ["Array", ["fromAsync"]],
  ["Object", ["groupBy", "hasOwn"]],
  ["Map", ["groupBy"]],
  ["AbortSignal", ["any", "timeout", "abort"]],
  ["AbortSignal.prototype", ["throwIfAborted"]],
  ["Set.prototype", ["union", "intersection", "difference", "isSubsetOf"]],
  ["crypto", ["randomUUID"]],
  ["globalThis", ["reportError", "structuredClone", "TextDecoderStream", "TransformStream"]],
];

/** Those that are used where they are there, and done without where not. */
const GUARDED: ReadonlySet<string> = new Set(["isWellFormed", "reportError"]);

/** Those that code names, and does not do without. */
export function newerNamesIn(code: string): readonly string[] {
  return NEWER.flatMap(([owner, names]) =>
    names.filter((name) => !GUARDED.has(name) && namedAs(owner, name).test(code)),
  );
}

/** A method of a class's values is one whatever stands before it. */
function namedAs(owner: string, name: string): RegExp {
  if (owner === "globalThis") return new RegExp(`\\b${name}\\b`);
  const whose = owner.endsWith(".prototype") ? "[\\w)\\]]" : `\\b${owner}`;
  return new RegExp(`${whose}\\??\\.${name}\\(`);
}
