import { lostPart } from "./lost-part.ts";
import { parse } from "./parse.ts";
import { RESERVED_CODES, RESERVED_PREFIXES, RESERVED_TYPES } from "./reserved.ts";
import { type Frozen, type Out, requireSchema, type Schema } from "./schema.ts";

/** A shape as JavaScript may hand it over, whatever its types say. */
type Given = Readonly<Record<string, unknown>>;

/** Short enough that 96 characters are left for what tells the rooms of a kind apart. */
const PREFIX = /^[a-z][a-z0-9-]{0,30}$/;
/** Stands in JSON text, in paths and in file names as it is. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const CODE = /^[a-z][a-z0-9_]{0,63}$/;
const KEYS: ReadonlySet<string> = new Set([
  "version",
  "oldest",
  "events",
  "signals",
  "state",
  "initial",
  "apply",
  "member",
  "presence",
  "queries",
  "timers",
  "errors",
  "receipts",
  "migrate",
]);

/** What holds parts by name. */
const PARTS = ["events", "signals", "apply", "queries", "timers", "migrate"] as const;

/**
 * Holds a contract to what no type can say.
 *
 * @throws {TypeError} that names what is wrong.
 */
export function checkShape(prefix: string, given: object): void {
  const fail = (problem: string): never => {
    throw new TypeError(`contract("${prefix}"): ${problem}`);
  };
  if (!PREFIX.test(prefix)) {
    fail("a prefix is 1 to 31 characters of a-z 0-9 -, and begins with a letter.");
  }
  if (RESERVED_PREFIXES.has(prefix)) fail("this prefix is Hibiki's own; choose another.");
  const lost = lostPart(given, [...KEYS]);
  if (lost !== undefined) fail(`what it is made of ${lost}.`);
  const shape: Given = { ...given };
  const stranger = Object.keys(shape).find((key) => !KEYS.has(key));
  if (stranger !== undefined) fail(`a contract has no "${stranger}".`);
  for (const part of PARTS) {
    const lostOf = shape[part] === undefined ? undefined : lostPart(shape[part], []);
    if (lostOf !== undefined) fail(`${part} ${lostOf}.`);
  }
  checkVersions(shape, fail);
  checkTypes(shape, fail);
  checkSchemas(shape, fail);
  checkErrors(shape, fail);
  if (!["undefined", "boolean"].includes(typeof shape["receipts"]))
    fail("receipts is true or false.");
  checkState(shape, fail);
}

/**
 * The state that a room begins with, as its schema puts it out.
 *
 * @throws {TypeError} when the schema does not take it.
 */
export function initialState<S>(
  prefix: string,
  { state, initial }: { readonly state?: S; readonly initial?: unknown },
): Frozen<Out<S>> {
  // Without a schema there is no state, and its type is `undefined`.
  if (state === undefined) return undefined as Frozen<Out<S>>;
  const parsed = parse(state as Schema, initial, "initial");
  if (!parsed.ok) throw new TypeError(`contract("${prefix}"): ${parsed.problem}`);
  return parsed.value as Frozen<Out<S>>;
}

type Fail = (problem: string) => never;

function checkVersions({ version = 1, oldest = 1, migrate }: Given, fail: Fail): void {
  if (!isVersion(version)) fail("version is a whole number from 1 on.");
  if (!isVersion(oldest) || Number(oldest) > Number(version)) {
    fail("oldest is a whole number from 1 to version.");
  }
  for (const [from, steps] of entriesOf(migrate)) {
    if (!isVersion(Number(from)) || Number(from) >= Number(version)) {
      fail(`migrate["${from}"] leads from a version that is none before ${version}.`);
    }
    for (const [event, step] of entriesOf(steps)) {
      if (typeof step !== "function") fail(`migrate["${from}"].${event} is no function.`);
    }
  }
}

function checkTypes({ events, signals, timers, queries, apply }: Given, fail: Fail): void {
  const types = [...namesOf(events), ...namesOf(signals)];
  for (const type of types) {
    if (!NAME.test(type)) fail(`"${type}" is no type: letters, digits, _ and -, 64 at most.`);
    if (RESERVED_TYPES.has(type)) fail(`the type "${type}" is Hibiki's own; choose another.`);
  }
  const twice = namesOf(signals).find((type) => namesOf(events).includes(type));
  if (twice !== undefined) fail(`"${twice}" is an event and a signal; it can be only one.`);
  for (const name of [...namesOf(timers), ...namesOf(queries)]) {
    if (!NAME.test(name)) fail(`"${name}" is no name: letters, digits, _ and -, 64 at most.`);
  }
  for (const [type, fold] of entriesOf(apply)) {
    if (!namesOf(events).includes(type)) fail(`apply.${type} is of no event.`);
    if (typeof fold !== "function") fail(`apply.${type} is no function.`);
  }
}

function checkSchemas(shape: Given, fail: Fail): void {
  const named = [
    ...["events", "signals", "timers"].flatMap((part) =>
      entriesOf(shape[part]).map(([name, schema]) => [`${part}.${name}`, schema] as const),
    ),
    ...entriesOf(shape["queries"]).flatMap(([name, query]) => {
      const { input, output } = Object(query);
      return [
        [`queries.${name}.input`, input] as const,
        [`queries.${name}.output`, output] as const,
      ];
    }),
    ...["state", "member", "presence"]
      .filter((part) => shape[part] !== undefined)
      .map((part) => [part, shape[part]] as const),
  ];
  for (const [what, schema] of named) {
    try {
      requireSchema(schema, what);
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    }
  }
}

function checkErrors({ errors = [] }: Given, fail: Fail): void {
  if (!Array.isArray(errors)) fail("errors is a list of codes.");
  for (const code of errors as readonly unknown[]) {
    if (typeof code !== "string" || !CODE.test(code)) {
      fail(`errors: ${JSON.stringify(code)} is no code: a-z, 0-9 and _, 64 at most.`);
    }
    if (RESERVED_CODES.has(String(code))) {
      fail(`errors: the code "${code}" is Hibiki's own; choose another.`);
    }
  }
}

function checkState({ state, initial, apply }: Given, fail: Fail): void {
  if (state !== undefined && initial === undefined) fail("state needs an initial one.");
  if (state === undefined && initial !== undefined) fail("initial is of no state.");
  if (state === undefined && namesOf(apply).length > 0) fail("apply folds into no state.");
}

function isVersion(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1;
}

function namesOf(part: unknown): readonly string[] {
  return Object.keys(Object(part ?? {}));
}

function entriesOf(part: unknown): readonly (readonly [string, unknown])[] {
  return Object.entries(Object(part ?? {}));
}
