/** The part of the settings that a Yjs document obeys, beside what it has in common with rooms. */
export interface DocumentLimits {
  /** Longest frame an editor may send; a longer one closes the connection with 4413. */
  readonly frameBytes: number;
  /** Largest document, encoded. */
  readonly documentBytes: number;
  /** Bytes a second of one connection. 0: no such limit. */
  readonly bytesPerSecond: number;
  readonly connectionsPerUser: number;
  readonly connectionsPerIp: number;
  readonly joinsPerMinute: number;
  /** How long an editor may say nothing before it is closed, to come back. 0: for ever. */
  readonly silenceMs: number;
}
