import type { Json as AnyJson } from "../protocol/json.ts";
import type { StandardSchemaV1 } from "./standard-schema.ts";

/** A schema of any library that speaks Standard Schema. */
export type Schema = StandardSchemaV1<unknown, unknown>;

/** Schemas by name. */
export interface Schemas {
  readonly [name: string]: Schema;
}

/** What a query takes and answers, by its name. */
export interface Queries {
  readonly [name: string]: { readonly input: Schema; readonly output: Schema };
}

/** What a sender writes: a schema's input. */
export type In<S> = S extends StandardSchemaV1<infer Input, unknown> ? Input : undefined;

/** What is stored, told, folded and handed to rules: a schema's output. It must be JSON. */
export type Out<S> = S extends StandardSchemaV1<unknown, infer Output> ? Output : undefined;

/** A value that JSON can carry; what is `undefined` in an object is left out. */
export type Json =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Json[]
  | { readonly [key: string]: Json };

/** The same value, read-only however deep. Any JSON is so already, and a type without an end. */
export type Frozen<T> = AnyJson extends T
  ? T
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

/** What no type knows, such as data in the shape of an earlier version. */
export type Untyped = ReturnType<typeof JSON.parse>;

declare const only: unique symbol;

/** Marks an event that clients cannot send. */
export interface ServerOnly {
  readonly [only]: true;
}

const marked = new WeakSet<object>();

/**
 * Marks an event that clients cannot send: rules, timers and the typed caller can. The schema itself
 * stays as it is, so that it may serve elsewhere too.
 *
 * @throws {TypeError} for what is no schema.
 */
export function server<S extends Schema>(schema: S): S & ServerOnly {
  requireSchema(schema, "server()");
  const only = Object.create(schema, { "~standard": { value: schema["~standard"] } });
  marked.add(only);
  return only;
}

/** Whether an event was marked with {@link server}. */
export function isServerOnly(schema: Schema): boolean {
  return marked.has(schema);
}

/** @throws {TypeError} for what is no schema; `what` names it. */
export function requireSchema(value: unknown, what: string): asserts value is Schema {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  const standard: unknown = isObject ? Reflect.get(value, "~standard") : undefined;
  const validate: unknown =
    typeof standard === "object" && standard !== null
      ? Reflect.get(standard, "validate")
      : undefined;
  if (typeof validate === "function") return;
  throw new TypeError(
    `${what} needs a schema of a library that speaks Standard Schema, such as zod or Valibot.`,
  );
}
