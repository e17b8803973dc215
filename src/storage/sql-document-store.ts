import type { DocumentStore } from "../document/document-store.ts";
import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import type { StoredDeadLetter } from "../room/store/dead-letters.ts";
import { bufferOf, joined, partsOf } from "./blob-parts.ts";
import { blobIn, type Database, first, numberIn } from "./database.ts";
import { DOCUMENT_STEPS } from "./document-steps.ts";
import { LazyDatabase } from "./lazy-database.ts";
import { SqlDeadLetters } from "./sql-dead-letters.ts";
import { SqlKeep } from "./sql-keep.ts";
import { SqlMeta } from "./sql-meta.ts";
import { SqlOutbox } from "./sql-outbox.ts";
import { SqlVersions, type VersionTidings } from "./sql-versions.ts";

/**
 * A document's storage in one SQLite database. Opening it migrates what is there, and stores nothing
 * when nothing is.
 */
export class SqlDocumentStore implements DocumentStore {
  readonly versions: SqlVersions;
  /** What is to be told outside of it, and what of that was given up. */
  readonly outbox: SqlOutbox;
  readonly deadLetters: SqlDeadLetters;
  /** Its numbers. */
  readonly stats: SqlKeep;
  readonly #database: LazyDatabase;
  /** The last seq that is in the snapshot, and the last that is stored. */
  #upTo = 0;
  #head = 0;
  #snapshotBytes = 0;
  #tailBytes = 0;
  #holdings: Uint8Array | undefined;

  /**
   * @param name what the document is called, kept for whoever looks at its file.
   * @param tidings what is to be told outside of a version that is kept.
   * @throws {NewerSchemaError} when newer code has written it.
   */
  constructor(database: Database, name: string, tidings: VersionTidings = () => []) {
    this.#database = new LazyDatabase(
      database,
      () => new SqlMeta(this.#database).set("name", name),
      DOCUMENT_STEPS,
    );
    this.versions = new SqlVersions(this.#database, tidings);
    this.outbox = new SqlOutbox(this.#database);
    this.deadLetters = new SqlDeadLetters(this.#database);
    this.stats = new SqlKeep(this.#database, "stats");
    const folded = first(this.#database.query("SELECT up_to, bytes, holdings FROM folded"));
    if (folded !== undefined) {
      this.#upTo = numberIn(folded, "up_to");
      this.#snapshotBytes = numberIn(folded, "bytes");
      this.#holdings = new Uint8Array(blobIn(folded, "holdings"));
    }
    this.#head = this.#upTo;
    const rows = this.#database.query(
      "SELECT seq, length(data) AS bytes FROM tail WHERE seq > ?",
      this.#upTo,
    );
    for (const row of rows) {
      this.#head = Math.max(this.#head, numberIn(row, "seq"));
      this.#tailBytes += numberIn(row, "bytes");
    }
  }

  get isWritten(): boolean {
    return this.#database.exists;
  }

  get head(): number {
    return this.#head;
  }

  get snapshotBytes(): number {
    return this.#snapshotBytes;
  }

  get tailRows(): number {
    return this.#head - this.#upTo;
  }

  get tailBytes(): number {
    return this.#tailBytes;
  }

  get holdings(): Uint8Array | undefined {
    return this.#holdings;
  }

  snapshot(): Uint8Array | undefined {
    if (this.#holdings === undefined) return undefined;
    const rows = this.#database.query("SELECT data FROM snapshot ORDER BY part");
    return joined([...rows].map((row) => new Uint8Array(blobIn(row, "data"))));
  }

  tail(): readonly Uint8Array[] {
    const updates: Uint8Array[] = [];
    let parts: Uint8Array[] = [];
    const rows = this.#database.query(
      "SELECT goes_on, data FROM tail WHERE seq > ? ORDER BY seq",
      this.#upTo,
    );
    for (const row of rows) {
      parts.push(new Uint8Array(blobIn(row, "data")));
      if (numberIn(row, "goes_on") === 1) continue;
      updates.push(joined(parts));
      parts = [];
    }
    return updates;
  }

  append(update: Uint8Array): void {
    const parts = partsOf(update);
    // A row by itself is whole or not there: most updates need nothing around it, and are written often.
    if (parts.length === 1) this.#insert(parts);
    else this.#database.transaction(() => this.#insert(parts));
    this.#head += parts.length;
    this.#tailBytes += update.byteLength;
  }

  fold(snapshot: Uint8Array, holdings: Uint8Array, setAside: readonly Uint8Array[]): void {
    const parts = partsOf(snapshot);
    this.#database.transaction(() => {
      for (const [at, part] of parts.entries()) {
        this.#database.query(
          "INSERT INTO snapshot (part, data) VALUES (?, ?) ON CONFLICT (part) DO UPDATE SET data = excluded.data",
          at,
          part,
        );
      }
      this.#database.query("DELETE FROM snapshot WHERE part >= ?", parts.length);
      this.#database.query(
        `INSERT INTO folded (id, up_to, bytes, holdings) VALUES (1, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE
          SET up_to = excluded.up_to, bytes = excluded.bytes, holdings = excluded.holdings`,
        this.#head,
        snapshot.byteLength,
        bufferOf(holdings),
      );
      for (const part of setAside.flatMap(partsOf)) {
        this.#database.query("INSERT INTO set_aside (data) VALUES (?)", part);
      }
      if (setAside.length > 0) this.#forgetSetAside();
    });
    this.#upTo = this.#head;
    this.#snapshotBytes = snapshot.byteLength;
    this.#tailBytes = 0;
    this.#holdings = holdings;
  }

  /** Has what was given up brought again, under its keys, as if it had never been tried. */
  resend(letters: readonly StoredDeadLetter[], now: number): readonly StoredDeadLetter[] {
    this.#database.transaction(() => {
      for (const { id, to, source, key, body } of letters) {
        this.outbox.add({ to, source, key, body }, now);
        this.deadLetters.remove(id);
      }
    });
    return letters;
  }

  /** Whoever may write can send such without end. */
  #forgetSetAside(): void {
    this.#database.query(
      "DELETE FROM set_aside WHERE id <= (SELECT MAX(id) FROM set_aside) - ?",
      EDITOR_BOUNDS.setAsideRows,
    );
  }

  /** Says that the database was erased; nothing more can be written through this. */
  close(): void {
    this.#database.close();
  }

  #insert(parts: readonly ArrayBuffer[]): void {
    for (const [at, part] of parts.entries()) {
      // Rows of the tail are as many as seqs since the snapshot: a folded one's slot is written over.
      const slot = this.tailRows + at;
      this.#database.query(
        `INSERT INTO tail (slot, seq, goes_on, data) VALUES (?, ?, ?, ?)
          ON CONFLICT (slot) DO UPDATE
          SET seq = excluded.seq, goes_on = excluded.goes_on, data = excluded.data`,
        slot,
        this.#head + at + 1,
        at === parts.length - 1 ? 0 : 1,
        part,
      );
    }
  }
}
