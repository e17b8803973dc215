import type { AnyContract } from "../../contract/contract.ts";
import type { Schema } from "../../contract/schema.ts";
import { type Json, payloadProblem } from "../../protocol/json.ts";

/** A type of frame of a contract. */
export interface ContractType {
  readonly part: "events" | "signals";
  readonly schema: Schema;
}

/** What a contract says of a type of frame; `undefined` of what is not its own. */
export function contractType(contract: AnyContract, type: string): ContractType | undefined {
  for (const part of ["events", "signals"] as const) {
    const schema = Object.hasOwn(contract[part], type) ? contract[part][type] : undefined;
    if (schema !== undefined) return { part, schema };
  }
  return undefined;
}

/**
 * What a schema or a rule put out, as everybody will read it: it travels as JSON, and is folded from
 * JSON again. What is undefined in an object is left out.
 *
 * @throws {TypeError} for what JSON would not carry as it is, such as dates, maps and NaN.
 */
export function asJson(value: unknown): Json {
  const json: unknown = JSON.parse(JSON.stringify(value ?? null, asItIs));
  const problem = payloadProblem(json);
  if (problem === undefined) return json as Json;
  throw new TypeError(`${["It", ...problem.path].join(".")} ${problem.message}.`);
}

/** A replacer of `JSON.stringify` that is content with what would be written as it is. */
function asItIs(this: unknown, key: string, value: unknown): unknown {
  const original: unknown = Reflect.get(Object(this), key);
  const isWritten = original === value && (typeof value !== "number" || Number.isFinite(value));
  const isPlain =
    typeof value !== "object" || value === null || Array.isArray(value) || isPlainObject(value);
  if (isWritten && isPlain && typeof value !== "function") return value;
  throw new TypeError(`JSON cannot carry "${key}" as it is.`);
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
