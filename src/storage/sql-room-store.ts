import type { Keep } from "../metrics/keep.ts";
import type { RoomStore } from "../room/store.ts";
import type { Database } from "./database.ts";
import { migrate } from "./migrations.ts";
import { SqlBans } from "./sql-bans.ts";
import { SqlInbox } from "./sql-inbox.ts";
import { SqlKeep } from "./sql-keep.ts";
import { SqlLastValues } from "./sql-last-values.ts";
import { SqlMeta } from "./sql-meta.ts";
import { SqlOutbox } from "./sql-outbox.ts";
import { SqlReceipts } from "./sql-receipts.ts";
import { SqlRoomLog } from "./sql-room-log.ts";
import { SqlWriters } from "./sql-writers.ts";

/** A room's storage in one SQLite database. Opening it runs the migrations. */
export class SqlRoomStore implements RoomStore {
  readonly log: SqlRoomLog;
  readonly receipts: SqlReceipts;
  readonly bans: SqlBans;
  readonly inbox: SqlInbox;
  readonly lastValues: SqlLastValues;
  readonly outbox: SqlOutbox;
  readonly writers: SqlWriters;
  /** The room's numbers. */
  readonly stats: Keep;

  /** The room's name, as its first opening knew it. */
  readonly name: string;

  /**
   * @param newEpoch names the log's life when the database is empty.
   * @param name what the platform says the room is called; an alarm may come without it.
   */
  constructor(database: Database, newEpoch: () => string, name: string | undefined) {
    migrate(database);
    const meta = new SqlMeta(database);
    this.name = meta.keep("name", () => name ?? "");
    this.log = new SqlRoomLog(database, meta.keep("epoch", newEpoch));
    this.receipts = new SqlReceipts(database);
    this.bans = new SqlBans(database);
    this.inbox = new SqlInbox(database);
    this.lastValues = new SqlLastValues(database);
    this.outbox = new SqlOutbox(database);
    this.writers = new SqlWriters(database);
    this.stats = new SqlKeep(database, "stats");
  }
}
