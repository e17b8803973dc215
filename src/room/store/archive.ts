import {
  type ArchiveLine,
  type KindLine,
  type LineSchema,
  lineParser,
  type RoomLine,
} from "../../protocol/archive-schema.ts";
import { assertNever } from "../../protocol/assert-never.ts";
import { ProtocolError } from "../../protocol/error.ts";
import type { SqlRow, SqlValue, Tables } from "./tables.ts";

/** What an export holds beside its first and its last line. */
export type ContentLine = Exclude<ArchiveLine, { readonly type: "room" | "end" }>;

/** What a kind exports beside events, receipts and bans. */
export interface KindArchive {
  /** Its lines. */
  readonly lines: readonly OwnLine[];
  /** Its tables, as far as the head that the export is of. */
  sections(head: number): readonly Section[];
}

/** A line of an export that is a kind's own. */
export interface OwnLine {
  readonly schema: LineSchema;
  /** Up to which `seq` it says that something was read, of what is such a mark. */
  readUpTo?(line: object): number;
  /** Stores one, as its schema put it out. */
  take(line: object, tables: Tables): void;
}

/** What a kind says of a line that was read by its schemas. */
export function ownLineOf({ lines }: KindArchive, { line }: KindLine): OwnLine {
  const own = lines.find(({ schema }) => schema.shape.type.values.has(line.type));
  if (own === undefined) throw new Error(`there is no line "${line.type}"`);
  return own;
}

/** A table of an export: its rows in the order of a key, each as a line. */
export interface Section {
  readonly select: string;
  readonly key: string;
  /** Below every key. */
  readonly from: SqlValue;
  /** Tells nothing of what came after the head that the export is of. */
  readonly line: (row: SqlRow, head: number) => string;
  /** It is read whole when the export begins, and stands before all else: it changes and is small. */
  readonly isAtOnce?: true;
}

/** What of a kind an export depends on. */
export interface ArchivedKind {
  readonly name: string;
  /** Whether it is kept how far each person has read. */
  readonly receipts: boolean;
  readonly archive: KindArchive;
}

/** A room's storage as an export reads and writes it. Every call is synchronous. */
export interface ArchiveStore {
  /** The room as portions of whole lines, read as they are taken. */
  portions(kind: ArchivedKind): Iterable<string>;
  /** Begins an import into a room that was never written. */
  begin(room: RoomLine): void;
  /** Stores one line, inside the caller's {@link ArchiveStore.transaction}. */
  take(line: ContentLine, kind: ArchivedKind): void;
  transaction(work: () => void): void;
  /** Says that the import is whole; one that was begun and is not whole is erased. */
  finish(): void;
}

/**
 * Reads an export line by line, and holds it to its own words: the log has no gaps, ends where the
 * first line says, and the last line counts them all. A line that is wrong is named by its number.
 */
export class ArchiveReader {
  readonly #kind: ArchivedKind;
  readonly #parse: (text: string) => ArchiveLine;
  #room: RoomLine | undefined;
  #lines = 0;
  #nextSeq = 0;
  #isWhole = false;

  /** @param kind of the room that takes the export in. */
  constructor(kind: ArchivedKind) {
    this.#kind = kind;
    this.#parse = lineParser(kind.archive.lines.map(({ schema }) => schema));
  }

  /** Lines so far. */
  get lines(): number {
    return this.#lines;
  }

  /**
   * Reads the next line.
   *
   * @throws {ProtocolError} `invalid_request` when it is not as it should be.
   */
  read(text: string): ArchiveLine {
    this.#lines += 1;
    try {
      const line = this.#parse(text);
      this.#follow(line);
      return line;
    } catch (error) {
      throw new ProtocolError("invalid_request", `Line ${this.#lines}: ${reasonOf(error)}.`);
    }
  }

  /** @throws {ProtocolError} `invalid_request` when lines are missing. */
  end(): void {
    if (this.#isWhole) return;
    const message = `The export is cut off after line ${this.#lines}: its last line must be of type "end".`;
    throw new ProtocolError("invalid_request", message);
  }

  #follow(line: ArchiveLine): void {
    if (this.#isWhole) throw new Error('nothing may follow the line of type "end"');
    if (this.#room === undefined) {
      this.#begin(line);
      return;
    }
    const { head } = this.#room;
    switch (line.type) {
      case "room":
        throw new Error("an export is of one room");
      case "event":
        if (line.seq !== this.#nextSeq || line.seq > head) {
          throw new Error(`the event that follows has seq ${this.#nextSeq}, up to ${head}`);
        }
        this.#nextSeq += 1;
        return;
      case "end":
        if (this.#nextSeq !== head + 1) throw new Error(`events are missing up to seq ${head}`);
        if (line.lines !== this.#lines) throw new Error(`${line.lines} lines were expected`);
        this.#isWhole = true;
        return;
      case "receipt":
        if (!this.#kind.receipts) {
          throw new Error(`a room of kind "${this.#kind.name}" has no "${line.type}"`);
        }
        checkRead(line.upTo, head);
        return;
      case "of-kind":
        checkRead(ownLineOf(this.#kind.archive, line).readUpTo?.(line.line) ?? 0, head);
        return;
      case "ban":
        return;
      default:
        assertNever(line);
    }
  }

  #begin(line: ArchiveLine): void {
    if (line.type !== "room") throw new Error('the first line is of type "room"');
    if (line.kind !== this.#kind.name) {
      throw new Error(`a room of kind "${this.#kind.name}" takes no export of a "${line.kind}"`);
    }
    if (line.oldest > line.head + 1) throw new Error("oldest is beyond head");
    this.#room = line;
    this.#nextSeq = line.oldest;
  }
}

/** Read beyond the head, what is yet to come would be born read. */
function checkRead(upTo: number, head: number): void {
  if (upTo <= head) return;
  throw new Error(`nothing can be read beyond seq ${head}, the head of this log`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
