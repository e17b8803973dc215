/** How cursors count in rooms of a kind: the `seq` that is told is a place. */
export interface Places {
  /** Of an event of the log, or of 0: the place that it leads to. */
  placeOf(seq: number): number;
  /** The event that leads to a place; `undefined` where none does that is still there. */
  seqAt(place: number): number | undefined;
}
