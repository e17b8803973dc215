import type { SqlRow, SqlValue, Tables } from "../room/store/tables.ts";

export type { SqlRow, SqlValue };

/** A synchronous SQLite database, as Durable Objects and `node:sqlite` both have one. */
export interface Database extends Tables {
  /** Runs `work` so that all of its writes are kept or none; throws what it throws. */
  transaction(work: () => void): void;
}

/** The first row; `undefined` when there is none. */
export function first(rows: Iterable<SqlRow>): SqlRow | undefined {
  for (const row of rows) return row;
  return undefined;
}

/** A column that is a whole number. */
export function numberIn(row: SqlRow, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new TypeError(`Column ${column} is not a number.`);
  return value;
}

/** A column that is text. */
export function textIn(row: SqlRow, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new TypeError(`Column ${column} is not text.`);
  return value;
}

/** A column that is bytes. */
export function blobIn(row: SqlRow, column: string): ArrayBuffer {
  const value = row[column];
  if (!(value instanceof ArrayBuffer)) throw new TypeError(`Column ${column} is not bytes.`);
  return value;
}

/** A column that is a whole number or null. */
export function optionalNumberIn(row: SqlRow, column: string): number | undefined {
  return row[column] === null ? undefined : numberIn(row, column);
}
