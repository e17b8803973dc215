import { copyFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { readRoom } from "./stored-room.ts";

/** Where workerd keeps which objects' alarms are to go off, beside the objects' own files. */
const SCHEDULER = "metadata.sqlite";

/** How many objects there are: one file each. */
export function countObjects(folder: string): number {
  return readdirSync(folder).filter((file) => file.endsWith(".sqlite") && file !== SCHEDULER)
    .length;
}

/**
 * The rooms of a server that is not running whose outbox waits for an alarm that will never go off:
 * the scheduler has none.
 */
export function roomsWithDeadAlarms(folder: string): readonly string[] {
  const scheduler = new DatabaseSync(join(folder, SCHEDULER));
  const armed = new Set(
    scheduler
      .prepare("SELECT actor_id FROM _cf_ALARM")
      .all()
      .map((row) => String(row["actor_id"])),
  );
  scheduler.close();
  return roomFiles(folder).flatMap(({ file, name, outbox }) =>
    outbox > 0 && !armed.has(basename(file, ".sqlite")) ? [name] : [],
  );
}

/**
 * Makes the files of rooms garbage, so that their objects cannot begin to live. The server must not be
 * running. Returns what puts them right again, also under a running server.
 */
export function spoilRooms(folder: string, names: readonly string[]): () => void {
  const files = roomFiles(folder)
    .filter(({ name }) => names.includes(name))
    .map(({ file }) => file);
  if (files.length !== names.length) throw new Error(`Not all of ${names} are stored.`);
  for (const file of files) {
    copyFileSync(file, `${file}.good`);
    writeFileSync(file, Buffer.alloc(8_192, "garbage"));
  }
  return () => {
    for (const file of files) {
      for (const suffix of ["-wal", "-shm"]) rmSync(file + suffix, { force: true });
      copyFileSync(`${file}.good`, file);
    }
  };
}

/** Opens a room's file. The server must not be running; whoever opens it closes it. */
export function openRoomFile(folder: string, room: string): DatabaseSync {
  const found = roomFiles(folder).find(({ name }) => name === room);
  if (found === undefined) throw new Error(`${room} is not stored.`);
  return new DatabaseSync(found.file);
}

function roomFiles(folder: string) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sqlite"))
    .flatMap((name) => {
      const file = join(folder, name);
      const database = new DatabaseSync(file);
      try {
        const room = readRoom(database);
        return room === undefined ? [] : [{ ...room, file }];
      } finally {
        database.close();
      }
    });
}
