import type { OccupancyMark } from "../room/store/occupancy.ts";
import type { SqlMeta } from "./sql-meta.ts";

const OCCUPIED = "occupied";

/** The mark that somebody is in the room, as one of the room's facts. */
export class SqlOccupancy implements OccupancyMark {
  readonly #meta: SqlMeta;

  constructor(meta: SqlMeta) {
    this.#meta = meta;
  }

  get isMarked(): boolean {
    return this.#meta.get(OCCUPIED) !== undefined;
  }

  mark(isOccupied: boolean): void {
    if (isOccupied === this.isMarked) return;
    if (isOccupied) this.#meta.set(OCCUPIED, "1");
    else this.#meta.remove(OCCUPIED);
  }
}
