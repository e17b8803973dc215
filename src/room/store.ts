import type { ArchiveStore } from "./archive.ts";
import type { BanList } from "./bans.ts";
import type { KeyArchive } from "./dedupe/key-archive.ts";
import type { InboxStore } from "./inbox.ts";
import type { WriterStore } from "./known-people.ts";
import type { LastValueStore } from "./last-values.ts";
import type { RoomLog } from "./log.ts";
import type { OutboxStore } from "./outbox.ts";
import type { ReceiptStore } from "./receipts.ts";

/** Everything of a room that lasts, over one database. Every call is synchronous. */
export interface RoomStore {
  /** Whether anything was ever stored; until then reads find nothing. */
  readonly isWritten: boolean;
  readonly log: RoomLog;
  readonly keys: KeyArchive;
  readonly receipts: ReceiptStore;
  readonly bans: BanList;
  readonly inbox: InboxStore;
  readonly lastValues: LastValueStore;
  readonly outbox: OutboxStore;
  readonly writers: WriterStore;
  readonly archive: ArchiveStore;
}
