/** One event of a stream (HTML, §9.2.6 "Interpreting an event stream"). */
export interface ServerSentEvent {
  readonly event: string;
  /** What the reader brings back as `Last-Event-ID`; without one it keeps the id it has. */
  readonly id?: string | undefined;
  readonly data: string;
}

/** Keeps the line open through proxies; readers do not see it. */
export const COMMENT = ":\n\n";

/** Tells the reader how long to wait before it comes back. */
export function encodeRetry(retryMs: number): string {
  return `retry: ${retryMs}\n\n`;
}

/**
 * JSON text that is one line for everybody: the format knows CR and LF alone, but some readers split
 * at every line end of Unicode (as Python's `splitlines` does), and JSON leaves three of them as they are.
 */
export function oneLine(json: string): string {
  return json.replace(
    /[\u0085\u2028\u2029]/g,
    (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Writes an event. Every line of its data is a field of its own, as the format demands. */
export function encodeEvent({ event, id, data }: ServerSentEvent): string {
  const fields = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}${fields.join("")}\n`;
}
