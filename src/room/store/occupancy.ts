/** A mark that somebody is in the room, which outlives a crash. Every call is synchronous. */
export interface OccupancyMark {
  readonly isMarked: boolean;
  /** Sets it where it is not, or takes it away. */
  mark(isOccupied: boolean): void;
}
