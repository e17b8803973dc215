import type { NewVersion, Version, VersionStore } from "../document/version-store.ts";
import type { Delivery } from "../room/store/outbox.ts";
import type { SqlRow } from "../room/store/tables.ts";
import { joined, partsOf } from "./blob-parts.ts";
import { blobIn, type Database, first, numberIn, textIn } from "./database.ts";
import { SqlOutbox } from "./sql-outbox.ts";

/** A version's parts are rows of one range of ids, which needs no index: more of them no object could hold. */
const PARTS = 1_000;

const COLUMNS = "id, at, author, label, automatic, seq, bytes";

/** What is to be told outside of a version that is kept. */
export type VersionTidings = (version: NewVersion) => readonly Delivery[];

/** The versions of a document in its database. */
export class SqlVersions implements VersionStore {
  readonly #database: Database;
  readonly #tidings: VersionTidings;

  constructor(database: Database, tidings: VersionTidings) {
    this.#database = database;
    this.#tidings = tidings;
  }

  list(before: number, limit: number): readonly Version[] {
    const rows = this.#database.query(
      `SELECT ${COLUMNS} FROM versions WHERE id < ? ORDER BY id DESC LIMIT ?`,
      before,
      limit,
    );
    return [...rows].map(versionIn);
  }

  find(id: number): Version | undefined {
    const row = first(this.#database.query(`SELECT ${COLUMNS} FROM versions WHERE id = ?`, id));
    return row === undefined ? undefined : versionIn(row);
  }

  read(id: number): Uint8Array | undefined {
    const rows = this.#database.query(
      "SELECT data FROM version_parts WHERE id >= ? AND id < ? ORDER BY id",
      id * PARTS,
      (id + 1) * PARTS,
    );
    const parts = [...rows].map((row) => new Uint8Array(blobIn(row, "data")));
    return parts.length === 0 ? undefined : joined(parts);
  }

  add(version: NewVersion, update: Uint8Array, gone: readonly number[]): void {
    const { id, at, by, label, isAutomatic, seq, bytes } = version;
    this.#database.transaction(() => {
      this.#database.query(
        `INSERT INTO versions (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        id,
        at,
        by,
        label ?? null,
        isAutomatic ? 1 : 0,
        seq,
        bytes,
      );
      for (const [part, data] of partsOf(update).entries()) {
        this.#database.query(
          "INSERT INTO version_parts (id, data) VALUES (?, ?)",
          id * PARTS + part,
          data,
        );
      }
      for (const old of gone) this.#remove(old);
      // With the version, so that what is kept is told, whoever dies between.
      const outbox = new SqlOutbox(this.#database);
      for (const delivery of this.#tidings(version)) outbox.add(delivery, at);
    });
  }

  label(id: number, label: string | undefined): void {
    this.#database.query("UPDATE versions SET label = ? WHERE id = ?", label ?? null, id);
  }

  #remove(id: number): void {
    this.#database.query("DELETE FROM versions WHERE id = ?", id);
    this.#database.query(
      "DELETE FROM version_parts WHERE id >= ? AND id < ?",
      id * PARTS,
      (id + 1) * PARTS,
    );
  }
}

function versionIn(row: SqlRow): Version {
  return {
    id: numberIn(row, "id"),
    at: numberIn(row, "at"),
    by: textIn(row, "author"),
    label: row["label"] === null ? undefined : textIn(row, "label"),
    isAutomatic: numberIn(row, "automatic") === 1,
    seq: numberIn(row, "seq"),
    bytes: numberIn(row, "bytes"),
  };
}
