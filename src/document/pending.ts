import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";

/** Updates that wait for the next flush. */
export class Pending {
  #updates: Uint8Array[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#updates.length === 0;
  }

  /** All that waits, oldest first. */
  get waiting(): readonly Uint8Array[] {
    return this.#updates;
  }

  /** Whether so much more may wait. */
  has(bytes: number): boolean {
    return this.#bytes + bytes <= EDITOR_BOUNDS.pendingBytes;
  }

  add(update: Uint8Array): void {
    this.#updates.push(update);
    this.#bytes += update.byteLength;
  }

  /** Takes all that waits, oldest first. */
  take(): readonly Uint8Array[] {
    const updates = this.#updates;
    this.#updates = [];
    this.#bytes = 0;
    return updates;
  }
}
