import { DOCUMENT_BOUNDS } from "../../protocol/document-limits.ts";
import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import type { Telling } from "../../room/hooks/effect.ts";
import type { RoomLog } from "../../room/log/log.ts";
import type { Places } from "../../room/log/places.ts";

const NOTHING: readonly Telling[] = [];

/**
 * The changes that follow a refusal. Whoever wants them may be refused a hundred times a second: what is
 * too much to tell is not read, and the rest once a flush, whoever lacks it.
 */
export class Missed {
  readonly #log: Pick<RoomLog, "head" | "bytesAfter" | "eventsAfter">;
  readonly #places: Pick<Places, "seqAt">;
  /** By `seq`, of the flush under way. */
  readonly #frames = new Map<number, EncodedFrame>();

  constructor(
    log: Pick<RoomLog, "head" | "bytesAfter" | "eventsAfter">,
    places: Pick<Places, "seqAt">,
  ) {
    this.#log = log;
    this.#places = places;
  }

  begin(): void {
    this.#frames.clear();
  }

  /** Those after a version, for a connection, once a flush; none where they are more than may follow. */
  since(version: number, connectionId: string): readonly Telling[] {
    const { head } = this.#log;
    const after = this.#places.seqAt(version);
    const { missedEvents, missedBytes } = DOCUMENT_BOUNDS;
    if (after === undefined || head - after > missedEvents) return NOTHING;
    if (this.#log.bytesAfter(after, missedEvents) > missedBytes) return NOTHING;
    this.#read(after);
    const tellings: Telling[] = [];
    for (let seq = after + 1; seq <= head; seq++) {
      const frame = this.#frames.get(seq);
      if (frame === undefined) continue;
      const audience = { to: "connection", connectionId } as const;
      tellings.push({ audience, frame, conflated: `missed:${connectionId}:${seq}` });
    }
    return tellings;
  }

  #read(after: number): void {
    const { head } = this.#log;
    let seq = after;
    // What is there of it already is read up to the place where that ends.
    while (seq < head && this.#frames.has(seq + 1)) seq += 1;
    if (seq === head) return;
    for (const event of this.#log.eventsAfter(seq, head - seq)) {
      seq += 1;
      if (!this.#frames.has(seq)) this.#frames.set(seq, EncodedFrame.fromJson(event));
    }
  }
}
