const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const small = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** A count. */
export function countWords(count: number): string {
  return whole.format(count);
}

/** A rate or a mean; nothing known is a dash. */
export function rateWords(rate: number | null): string {
  if (rate === null) return "–";
  return rate >= 100 ? whole.format(rate) : small.format(rate);
}

/** A size; nothing known is a dash. */
export function bytesWords(bytes: number | null): string {
  if (bytes === null) return "–";
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const scaled = bytes / 1024 ** unit;
  return `${unit === 0 || scaled >= 100 ? whole.format(scaled) : small.format(scaled)} ${UNITS[unit]}`;
}
