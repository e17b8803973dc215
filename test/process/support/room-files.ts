import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** What workerd itself keeps of an object that was ever named: the header of its file. */
export const BARE_FILE_BYTES = 4_096;

/** A room's file on the disk of a server that is not running. */
export interface RoomFile {
  readonly bytes: number;
  /** The platform's own among them: it keeps alarms in one. */
  readonly tables: readonly string[];
}

/** Every file of a data folder. Opening one also does what is left of its WAL. */
export function roomFiles(folder: string): readonly RoomFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sqlite") && file !== "metadata.sqlite")
    .map((file) => {
      const path = join(folder, file);
      const database = new DatabaseSync(path);
      const tables = database
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
        .all()
        .map((row) => String(row["name"]));
      database.close();
      return { bytes: statSync(path).size, tables };
    });
}
