import type { Database } from "./database.ts";

/** A database with nothing in it that takes nothing: stands in for one that this code cannot read. */
export const NO_DATABASE: Database = {
  query: () => [],
  transaction: (work) => work(),
};
