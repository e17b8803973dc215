import { type Refusal, refusal } from "../protocol/error.ts";
import type { Imported } from "../protocol/http-answer.ts";
import { BOUNDS } from "../protocol/limits.ts";
import { LineSplitter } from "../protocol/line-splitter.ts";
import {
  type ArchivedKind,
  ArchiveReader,
  type ArchiveStore,
  type ContentLine,
} from "../room/store/archive.ts";
import { SqlRoomStore } from "../storage/sql-room-store.ts";
import { chunksOf } from "./chunks.ts";
import { DurableDatabase } from "./durable-database.ts";

/** What whoever comes while a room is being imported is told. */
export const IMPORT_RUNNING: Refusal = refusal(
  "internal",
  "This room is being imported. Try again in a moment.",
  2_000,
);

/** What whoever imports is told when that failed through no fault of the export. */
export const IMPORT_FAILED: Refusal = refusal(
  "internal",
  "The import did not come to its end, and nothing of it was kept. Send it again.",
);

/**
 * Takes an export into a room's storage that nobody ever wrote to. What it leaves is whole only when
 * it returns.
 *
 * @param signal breaks it off.
 * @throws {ProtocolError} for the first line that is not as it should be.
 * @throws {DeadlineError} when its sender stalls, and the signal's reason when it is aborted.
 */
export async function importRoom(
  body: ReadableStream<Uint8Array>,
  { name, kind }: Pick<SqlRoomStore, "name" | "kind">,
  storage: DurableObjectStorage,
  signal: AbortSignal,
): Promise<Imported> {
  const database = new DurableDatabase(storage);
  const { log, archive } = new SqlRoomStore(
    database,
    () => crypto.randomUUID(),
    name,
    () => kind,
  );
  const chunks = chunksOf(body, BOUNDS.archiveChunkMs, signal);
  const lines = await importLines(chunks, kind, archive, () => storage.sync());
  return { epoch: log.epoch, seq: log.head, lines };
}

/**
 * Takes an export into storage that was never written, portion by portion as it comes. What it
 * leaves is whole only when it returns.
 *
 * @param written waits until what was stored so far is on disk.
 * @returns how many lines there were.
 * @throws {ProtocolError} for the first line that is not as it should be.
 */
async function importLines(
  chunks: AsyncIterable<Uint8Array>,
  kind: ArchivedKind,
  archive: ArchiveStore,
  written: () => Promise<void>,
): Promise<number> {
  const splitter = new LineSplitter(BOUNDS.archiveLineBytes);
  const reader = new ArchiveReader(kind);
  let waiting: ContentLine[] = [];
  let chars = 0;
  const store = async () => {
    const lines = waiting;
    waiting = [];
    chars = 0;
    if (lines.length === 0) return;
    archive.transaction(() => {
      for (const line of lines) archive.take(line, kind);
    });
    await written();
  };
  const read = async (texts: Iterable<string>) => {
    for (const text of texts) {
      const line = reader.read(text);
      if (line.type === "room") archive.begin(line);
      else if (line.type !== "end") waiting.push(line);
      chars += text.length;
      if (chars >= BOUNDS.archivePortionChars) await store();
    }
  };
  for await (const chunk of chunks) await read(splitter.push(chunk));
  await read(splitter.end());
  reader.end();
  await store();
  archive.finish();
  return reader.lines;
}
