/** A value that SQLite stores here. */
export type SqlValue = string | number | null | ArrayBuffer;
/** A row by column name. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** The tables of a room's database, for what only its kind keeps. Every call is synchronous. */
export interface Tables {
  /** Runs a statement; its rows come one by one, so a reader may stop early. */
  query(statement: string, ...bindings: readonly SqlValue[]): Iterable<SqlRow>;
}
