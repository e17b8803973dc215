import { DOCUMENT_BOUNDS } from "../../protocol/document-limits.ts";
import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import type { Connection } from "../../room/connections/connection.ts";
import type { Telling } from "../../room/hooks/effect.ts";
import type { CatchUp } from "../../room/log/catch-up.ts";
import type { RoomLog } from "../../room/log/log.ts";
import type { Places } from "../../room/log/places.ts";

type Log = Pick<RoomLog, "head" | "bytesAfter" | "eventsAfter">;

const NOTHING: readonly EncodedFrame[] = [];

/**
 * The changes that follow refusals. A stranger may have itself refused a hundred times a second: they
 * are told once a flush, read once for all that lack them, and not read where they are too much to tell.
 */
export class Missed {
  readonly #log: Log;
  readonly #places: Pick<Places, "seqAt">;
  /** By connection, on which version it built last; of the flush under way. */
  readonly #builtOn = new Map<string, number>();
  /** Of those that are told the log: they are told all of it, and what is repeated waits in memory until then. */
  readonly #repeatedIn = new WeakSet<CatchUp>();

  constructor(log: Log, places: Pick<Places, "seqAt">) {
    this.#log = log;
    this.#places = places;
  }

  begin(): void {
    this.#builtOn.clear();
  }

  refused({ id, catchUp }: Connection, version: number): void {
    if (catchUp !== undefined) {
      if (this.#repeatedIn.has(catchUp)) return;
      this.#repeatedIn.add(catchUp);
    }
    this.#builtOn.set(id, version);
  }

  /** What those lack that were refused in the flush under way. */
  tellings(): readonly Telling[] {
    const framesAfter = new Map<number, readonly EncodedFrame[]>();
    return [...this.#builtOn].flatMap(([connectionId, version]) => {
      const frames = framesAfter.get(version) ?? this.#framesAfter(version);
      framesAfter.set(version, frames);
      const audience = { to: "connection", connectionId } as const;
      return frames.map((frame) => ({ audience, frame }));
    });
  }

  #framesAfter(version: number): readonly EncodedFrame[] {
    const after = this.#places.seqAt(version);
    const { missedEvents, missedBytes } = DOCUMENT_BOUNDS;
    if (after === undefined || this.#log.head - after > missedEvents) return NOTHING;
    if (this.#log.bytesAfter(after, missedEvents) > missedBytes) return NOTHING;
    return [...this.#log.eventsAfter(after, missedEvents)].map(EncodedFrame.fromJson);
  }
}
