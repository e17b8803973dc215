import { type ArchiveLine, parseArchiveLine, type RoomLine } from "../protocol/archive-schema.ts";
import { ProtocolError } from "../protocol/error.ts";
import type { LogKind } from "../protocol/room-name.ts";

/** What an export holds beside its first and its last line. */
export type ContentLine = Exclude<ArchiveLine, { readonly type: "room" | "end" }>;

/** A room's storage as an export reads and writes it. Every call is synchronous. */
export interface ArchiveStore {
  /** The room as portions of whole lines, read as they are taken. */
  portions(kind: LogKind): Iterable<string>;
  /** Begins an import into a room that was never written. */
  begin(room: RoomLine): void;
  /** Stores one line, inside the caller's {@link ArchiveStore.transaction}. */
  take(line: ContentLine): void;
  transaction(work: () => void): void;
  /** Says that the import is whole; one that was begun and is not whole is erased. */
  finish(): void;
}

/** Which kinds of room have what, beside events. */
const KINDS_WITH: Readonly<Record<Exclude<ContentLine["type"], "event">, readonly LogKind[]>> = {
  receipt: ["chat"],
  writer: ["chat"],
  ban: ["chat", "inbox", "topic"],
  last: ["topic"],
  inbox: ["inbox"],
  inbox_read: ["inbox"],
};

/**
 * Reads an export line by line, and holds it to its own words: the log has no gaps, ends where the
 * first line says, and the last line counts them all. A line that is wrong is named by its number.
 */
export class ArchiveReader {
  readonly #kind: LogKind;
  #room: RoomLine | undefined;
  #lines = 0;
  #nextSeq = 0;
  #isWhole = false;

  /** @param kind of the room that takes the export in. */
  constructor(kind: LogKind) {
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
    const message = `The export is cut off after line ${this.#lines}: its last line is of type "end".`;
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
        if (!KINDS_WITH[line.type].includes(this.#kind)) {
          throw new Error(`a room of kind "${this.#kind}" has no "${line.type}"`);
        }
        if (readPlaceOf(line) > head) {
          throw new Error(`nothing can be read beyond seq ${head}, the head of this log`);
        }
    }
  }

  #begin(line: ArchiveLine): void {
    if (line.type !== "room") throw new Error('the first line is of type "room"');
    if (line.kind !== this.#kind) {
      throw new Error(`a room of kind "${this.#kind}" takes no export of a "${line.kind}"`);
    }
    if (line.oldest > line.head + 1) throw new Error("oldest is beyond head");
    this.#room = line;
    this.#nextSeq = line.oldest;
  }
}

/** How far something is read; 0 of what is no mark of reading. Beyond the head, what is yet to come would be born read. */
function readPlaceOf(line: Exclude<ContentLine, { readonly type: "event" }>): number {
  switch (line.type) {
    case "receipt":
      return line.upTo;
    case "inbox":
      return line.readUpTo;
    case "inbox_read":
      return line.seq;
    default:
      return 0;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
