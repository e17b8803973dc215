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

/** Writes an event. Every line of its data is a field of its own, as the format demands. */
export function encodeEvent({ event, id, data }: ServerSentEvent): string {
  const fields = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}${fields.join("")}\n`;
}
