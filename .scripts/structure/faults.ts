import { dirname, normalize } from "node:path/posix";
import { type Arrow, circlesOf } from "./circles.ts";
import { FLOORS, type Floor, WORLDS, type World } from "./floors.ts";
import { lineAt, readSource, type Source } from "./source.ts";

/** One thing that is not as it must be, and what to do about it. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly says: string;
}

/** What is longer does more than one thing, or says it in too many words. */
const MAX_LINES = 300;

/** Everything wrong with the structure of these files: path from the repository's root → text. */
export function faultsOf(files: ReadonlyMap<string, string>, floors = FLOORS): Fault[] {
  const faults: Fault[] = [];
  const arrows: Arrow[] = [];
  for (const [file, text] of files) {
    const source = readSource(text);
    if (source.lines > MAX_LINES)
      faults.push({
        file,
        line: MAX_LINES + 1,
        says: `has ${source.lines} lines, and no file has more than ${MAX_LINES}: cut it where it speaks of something else`,
      });
    arrows.push(...arrowsOf(file, source));
    if (file.startsWith("src/")) faults.push(...faultsOfFloor(file, source, floors));
  }
  return [...faults, ...circlesOf(arrows).map(faultOfCircle)].sort(byPlace);
}

function arrowsOf(file: string, { imports }: Source): Arrow[] {
  return imports.flatMap(({ from, line }) =>
    from?.startsWith(".") ? [{ from: file, to: targetOf(file, from), line }] : [],
  );
}

function targetOf(file: string, from: string): string {
  return normalize(`${dirname(file)}/${from}`);
}

function faultsOfFloor(file: string, source: Source, floors: readonly Floor[]): Fault[] {
  const floor = floorOf(file, floors);
  if (floor === undefined)
    return [
      { file, line: 1, says: "stands on no floor: give its folder a row in the table of floors" },
    ];
  const ofImports = source.imports.flatMap(({ from, line }) => {
    const says = refusalOf(file, floor, from, floors);
    return says === null ? [] : [{ file, line, says: `${says} (${floor.why})` }];
  });
  return [...ofImports, ...faultsOfNames(file, source, floor)];
}

/** Why a floor may not import this; null where it may. */
function refusalOf(
  file: string,
  floor: Floor,
  from: string | null,
  floors: readonly Floor[],
): string | null {
  if (from === null)
    return "imports what is worked out while running: name it, so that it can be followed";
  if (!from.startsWith(".")) {
    const may = floor.packages.some((name) =>
      /[/:]$/.test(name) ? from.startsWith(name) : from === name,
    );
    if (may) return null;
    return `imports ${from}: of packages, ${floor.at} may import ${listed(floor.packages)}`;
  }
  const target = targetOf(file, from);
  // A row of its own within another's folder is another floor.
  const inside = floorOf(target, floors) === floor;
  if (inside || floor.may.some((place) => isAt(target, place))) return null;
  return `imports ${target}: ${floor.at} may import ${listed(floor.may)}`;
}

function faultsOfNames(file: string, { code }: Source, floor: Floor): Fault[] {
  const faults: Fault[] = [];
  for (const [world, { names, is }] of Object.entries(WORLDS)) {
    if (floor.names.includes(world as World)) continue;
    for (const { 0: name, index } of code.matchAll(names)) {
      // A property or a method of that name is somebody's own.
      if (/[.#]$/.test(code.slice(0, index)) || /^\??:/.test(code.slice(index + name.length)))
        continue;
      const says = `names ${name}, and ${floor.at} knows nothing of ${is} (${floor.why})`;
      faults.push({ file, line: lineAt(code, index), says });
    }
  }
  return faults;
}

/** The floor of a file: of the rows that hold it, the closest. */
function floorOf(file: string, floors: readonly Floor[]): Floor | undefined {
  return floors
    .filter(({ at }) => isAt(file, at))
    .sort((a, b) => b.at.length - a.at.length)
    .at(0);
}

function isAt(file: string, place: string): boolean {
  return file === `src/${place}` || file.startsWith(`src/${place}/`);
}

function faultOfCircle({ folder, steps }: ReturnType<typeof circlesOf>[number]): Fault {
  const [first] = steps;
  if (first === undefined) throw new Error("a circle has steps");
  const names = [...steps.map(({ name }) => name), first.name].join(" → ");
  const arrows = steps.map(({ arrow }) => `${arrow.from}:${arrow.line} imports ${arrow.to}`);
  return {
    file: first.arrow.from,
    line: first.arrow.line,
    says: `closes a circle in ${folder}, ${names}: move what both need to a file of its own (${arrows.join("; ")})`,
  };
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : `only ${names.join(", ")}`;
}

function byPlace(a: Fault, b: Fault): number {
  return a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;
}
