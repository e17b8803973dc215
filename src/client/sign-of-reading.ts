/**
 * In a very busy room a heartbeat by the clock is not enough: a client that was sent tens of MiB and
 * gave no sign of life has stopped reading, as far as the server can tell.
 */
const PING_EVERY_BYTES = 256 * 1024;

/**
 * Shows the server that this client reads: by `ping` with the first message, and with each that
 * completes so many bytes. Returns what is to be called with all that comes in.
 */
export function showReading(ping: () => void): (data: unknown) => void {
  // workerd completes the server's close at once only with a peer that has sent something; others
  // learn of a kick or a restart 10 s late (P9.9).
  let unansweredBytes = PING_EVERY_BYTES;
  return (data) => {
    unansweredBytes += sizeOf(data);
    if (unansweredBytes < PING_EVERY_BYTES) return;
    ping();
    unansweredBytes = 0;
  };
}

/** How much came in, in bytes, or UTF-16 units of text. */
function sizeOf(data: unknown): number {
  if (typeof data === "string") return data.length;
  return data instanceof ArrayBuffer ? data.byteLength : 0;
}
