import type { KeyArchive } from "../log/key-archive.ts";
import type { RoomLog } from "../log/log.ts";
import type { ArchiveStore } from "./archive.ts";
import type { BanList } from "./bans.ts";
import type { DeadLetterStore } from "./dead-letters.ts";
import type { OccupancyMark } from "./occupancy.ts";
import type { OutboxStore } from "./outbox.ts";
import type { ReceiptStore } from "./receipts.ts";
import type { Tables } from "./tables.ts";

/** Everything of a room that lasts, over one database. Every call is synchronous. */
export interface RoomStore {
  /** Whether anything was ever stored; until then reads find nothing. */
  readonly isWritten: boolean;
  readonly log: RoomLog;
  readonly keys: KeyArchive;
  readonly receipts: ReceiptStore;
  readonly bans: BanList;
  readonly outbox: OutboxStore;
  readonly deadLetters: DeadLetterStore;
  readonly occupancy: OccupancyMark;
  readonly archive: ArchiveStore;
  /** For what only its kind keeps. */
  readonly tables: Tables;
}
