import type * as z from "zod";
import type { LineSchema } from "../protocol/archive-schema.ts";
import type { OwnLine } from "../room/store/archive.ts";
import type { Tables } from "../room/store/tables.ts";

/** What a kind does with a line of an export that is its own. */
interface Reader<Line> {
  /** Up to which `seq` it says that something was read, of what is such a mark. */
  readonly readUpTo?: (line: Line) => number;
  /** Stores one. */
  readonly take: (line: Line, tables: Tables) => void;
}

/** A line of an export that is a kind's own: its schema, and who takes what that puts out. */
export function ownLine<S extends LineSchema>(schema: S, reader: Reader<z.output<S>>): OwnLine {
  // The archive hands to each line what its own schema put out.
  return { schema, ...(reader as unknown as Omit<OwnLine, "schema">) };
}
