/** 1 to `last`. */
export function seqsTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, i) => i + 1);
}
