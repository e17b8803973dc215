import { GAME_BOUNDS } from "../protocol/game-limits.ts";
import { lostPart, UNDEFINED } from "./lost-part.ts";
import { requireSchema } from "./schema.ts";

type Given = Readonly<Record<string, unknown>>;

/** Stands in JSON text and in code as it is. */
const FIELD = /^[A-Za-z][A-Za-z0-9_]*$/;
const VALUES = ["fields", "shared", "input", "tickHz", "players"] as const;
const NEEDED = ["join", "steer"] as const;
const FUNCTIONS = [...NEEDED, "world", "step", "leave", "sees", "save"] as const;
const KEYS: readonly string[] = [...VALUES, ...FUNCTIONS];

/**
 * Holds a game to what no type can say.
 *
 * @throws {TypeError} that names what is wrong.
 */
export function checkGame(rules: object): void {
  const lost = lostPart(rules, KEYS);
  if (lost !== undefined) fail(`what it is made of ${lost}.`);
  const given: Given = { ...rules };
  for (const [name, value] of Object.entries(given)) {
    if (!KEYS.includes(name)) fail(`a game has no "${name}".`);
    if (value === undefined) fail(`${name} ${UNDEFINED}.`);
  }
  checkFields("fields", given["fields"]);
  if (given["shared"] !== undefined) checkFields("shared", given["shared"]);
  try {
    requireSchema(given["input"], "input");
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
  for (const [name, most] of [
    ["tickHz", GAME_BOUNDS.tickHz],
    ["players", GAME_BOUNDS.players],
  ] as const) {
    const value = given[name] ?? most;
    if (!(Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most)) {
      fail(`${name} is a whole number from 1 to ${most}.`);
    }
  }
  for (const name of FUNCTIONS) {
    const value = given[name];
    const isNeeded = NEEDED.some((needed) => needed === name);
    if (value === undefined && isNeeded) fail(`it needs ${name}.`);
    if (value !== undefined && typeof value !== "function") fail(`${name} is no function.`);
  }
}

function checkFields(of: "fields" | "shared", fields: unknown): void {
  const lost = lostPart(fields, []);
  if (lost !== undefined) fail(`${of} ${lost}.`);
  const entries = Object.entries(Object(fields));
  const { fields: most, fieldChars, scale: finest } = GAME_BOUNDS;
  if (entries.length === 0 || entries.length > most) fail(`${of} are 1 to ${most} numbers.`);
  for (const [name, scale] of entries) {
    if (!FIELD.test(name) || name.length > fieldChars) {
      fail(`"${name}" is no field: letters, digits and _, ${fieldChars} at most.`);
    }
    if (!(typeof scale === "number" && scale > 0 && scale <= finest)) {
      fail(`${of}.${name} is its scale, which is more than 0 and at most ${finest}.`);
    }
  }
}

function fail(problem: string): never {
  throw new TypeError(`game(): ${problem}`);
}
