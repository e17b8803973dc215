import { type Refusal, refusal } from "../protocol/error.ts";
import { BOUNDS } from "../protocol/limits.ts";
import { LineSplitter } from "../protocol/line-splitter.ts";
import type { LogKind } from "../protocol/room-name.ts";
import { ArchiveReader, type ArchiveStore, type ContentLine } from "../room/archive.ts";

/** What whoever comes while a room is being imported is told. */
export const IMPORT_RUNNING: Refusal = refusal(
  "internal",
  "This room is being imported. Try again in a moment.",
  2_000,
);

/**
 * Takes an export into storage that was never written, portion by portion as it comes. What it
 * leaves is whole only when it returns.
 *
 * @param written waits until what was stored so far is on disk.
 * @returns how many lines there were.
 * @throws {ProtocolError} for the first line that is not as it should be.
 */
export async function importLines(
  body: ReadableStream<Uint8Array>,
  kind: LogKind,
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
      for (const line of lines) archive.take(line);
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
  for await (const chunk of body) await read(splitter.push(chunk));
  await read(splitter.end());
  reader.end();
  await store();
  archive.finish();
  return reader.lines;
}
