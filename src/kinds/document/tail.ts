import { DOCUMENT_BOUNDS } from "../../protocol/document-limits.ts";
import type { RoomLog } from "../../room/log/log.ts";
import type { SqlSnapshot } from "./sql-snapshot.ts";

/** The changes since the newest snapshot, which whoever joins is told: where they begin, and how much they are. */
export class Tail {
  readonly #log: Pick<RoomLog, "head" | "bytesAfter">;
  readonly #snapshot: SqlSnapshot;
  /** Read when it is first needed, and again after a flush that has failed. */
  #begin: number | undefined;
  #bytes: number | undefined;

  constructor(log: Pick<RoomLog, "head" | "bytesAfter">, snapshot: SqlSnapshot) {
    this.#log = log;
    this.#snapshot = snapshot;
  }

  /** `seq` of the event that the snapshot came after; 0 without one. */
  get begin(): number {
    this.#begin ??= this.#snapshot.seq();
    return this.#begin;
  }

  /** Whether it is all that a newcomer may be told. */
  get isFull(): boolean {
    const { tailEvents, tailBytes } = DOCUMENT_BOUNDS;
    this.#bytes ??= this.#log.bytesAfter(this.begin, tailEvents);
    return this.#log.head - this.begin >= tailEvents || this.#bytes >= tailBytes;
  }

  grows(bytes: number): void {
    if (this.#bytes !== undefined) this.#bytes += bytes;
  }

  /** Another snapshot stands for what came before it: of the rest none is read again. */
  begins(seq: number): void {
    if (this.#bytes !== undefined)
      this.#bytes -= this.#log.bytesAfter(this.begin, seq - this.begin);
    this.#begin = seq;
  }

  forget(): void {
    this.#begin = undefined;
    this.#bytes = undefined;
  }
}
