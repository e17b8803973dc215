import {
  type ArchiveLine,
  parseArchiveLine,
  type RoomLine,
} from "../../protocol/archive-schema.ts";
import { ProtocolError } from "../../protocol/error.ts";
import type { SqlRow, SqlValue, Tables } from "./tables.ts";

/** What an export holds beside its first and its last line. */
export type ContentLine = Exclude<ArchiveLine, { readonly type: "room" | "end" }>;

/** What a kind exports beside events, receipts and bans. */
export interface KindArchive {
  /** The types of its lines. */
  readonly lines: readonly ContentLine["type"][];
  /** Its tables, as far as the head that the export is of. */
  sections(head: number): readonly Section[];
  /** Stores a line of its own. */
  take(line: ContentLine, tables: Tables): void;
}

/** A table of an export: its rows in the order of a key, each as a line. */
export interface Section {
  readonly select: string;
  readonly key: string;
  /** Below every key. */
  readonly from: SqlValue;
  /** Tells nothing of what came after the head that the export is of. */
  readonly line: (row: SqlRow, head: number) => string;
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
  #room: RoomLine | undefined;
  #lines = 0;
  #nextSeq = 0;
  #isWhole = false;

  /** @param kind of the room that takes the export in. */
  constructor(kind: ArchivedKind) {
    this.#kind = kind;
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
      const line = parseArchiveLine(text);
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
      default:
        if (!this.#has(line.type)) {
          throw new Error(`a room of kind "${this.#kind.name}" has no "${line.type}"`);
        }
        if (readPlaceOf(line) > head) {
          throw new Error(`nothing can be read beyond seq ${head}, the head of this log`);
        }
    }
  }

  #has(type: ContentLine["type"]): boolean {
    const { receipts, archive } = this.#kind;
    return type === "ban" || (type === "receipt" && receipts) || archive.lines.includes(type);
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

/** How far something is read; 0 of what is no mark of reading. Beyond the head, what is yet to come would be born read. */
function readPlaceOf(line: Exclude<ContentLine, { readonly type: "event" }>): number {
  if ("upTo" in line) return line.upTo;
  if ("readUpTo" in line) return line.readUpTo;
  return "seq" in line ? line.seq : 0;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
