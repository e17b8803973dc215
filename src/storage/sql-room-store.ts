import type { Keep } from "../metrics/keep.ts";
import type { Cursor } from "../protocol/cursor.ts";
import type { RoomKind } from "../room/hooks/kind.ts";
import type { RoomStore } from "../room/store/store.ts";
import type { Tables } from "../room/store/tables.ts";
import type { Database } from "./database.ts";
import { LazyDatabase } from "./lazy-database.ts";
import { FORMER, IMPORTING, SqlArchive } from "./sql-archive.ts";
import { SqlBans } from "./sql-bans.ts";
import { SqlDeadLetters } from "./sql-dead-letters.ts";
import { SqlKeep } from "./sql-keep.ts";
import { SqlKeyArchive } from "./sql-key-archive.ts";
import { SqlMeta } from "./sql-meta.ts";
import { SqlOccupancy } from "./sql-occupancy.ts";
import { SqlOutbox } from "./sql-outbox.ts";
import { SqlReceipts } from "./sql-receipts.ts";
import { SqlRoomLog } from "./sql-room-log.ts";

/**
 * A room's storage in one SQLite database. Opening it migrates what is there, and stores nothing
 * when nothing is: name and epoch wait in memory for the first write.
 */
export class SqlRoomStore implements RoomStore {
  readonly log: SqlRoomLog;
  readonly keys: SqlKeyArchive;
  readonly receipts: SqlReceipts;
  readonly bans: SqlBans;
  readonly outbox: SqlOutbox;
  readonly deadLetters: SqlDeadLetters;
  readonly occupancy: SqlOccupancy;
  /** The room's numbers. */
  readonly stats: Keep;
  /** The room's name, as its first write knew it. */
  readonly name: string;
  /** Whether an import had begun and did not come to its end: then none of it may be shown. */
  readonly isHalf: boolean;
  readonly archive: SqlArchive;
  readonly tables: Tables;
  /** What its name says that it is. */
  readonly kind: RoomKind;
  readonly #database: LazyDatabase;

  /**
   * @param newEpoch names the log's life when the database is empty.
   * @param name what the platform says the room is called; an alarm may come without it.
   * @param kindOf the kind of a room by its name.
   * @throws {NewerSchemaError} when newer code has written it.
   */
  constructor(
    database: Database,
    newEpoch: () => string,
    name: string | undefined,
    kindOf: (name: string) => RoomKind,
  ) {
    const lazy = new LazyDatabase(database, () => {
      meta.set("name", this.name);
      meta.set("epoch", this.log.epoch);
    });
    const meta = new SqlMeta(lazy);
    this.#database = lazy;
    this.name = meta.get("name") ?? name ?? "";
    const former = JSON.parse(meta.get(FORMER) ?? "[]") as readonly Cursor[];
    this.kind = kindOf(this.name);
    this.tables = lazy;
    this.log = new SqlRoomLog(lazy, meta.get("epoch") ?? newEpoch(), this.kind.log, former);
    this.keys = new SqlKeyArchive(lazy);
    this.receipts = new SqlReceipts(lazy);
    this.bans = new SqlBans(lazy);
    this.outbox = new SqlOutbox(lazy);
    this.deadLetters = new SqlDeadLetters(lazy);
    this.occupancy = new SqlOccupancy(meta);
    this.stats = new SqlKeep(lazy, "stats");
    this.isHalf = meta.get(IMPORTING) !== undefined;
    this.archive = new SqlArchive(lazy, { store: this, meta, name: this.name });
  }

  get isWritten(): boolean {
    return this.#database.exists;
  }

  /** Says that the database was erased; this life of the room can write nothing more. */
  close(): void {
    this.#database.close();
  }
}
