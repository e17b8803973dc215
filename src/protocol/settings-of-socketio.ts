/** What clients of Socket.IO are held to. */
export interface SocketioSettings {
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  /** Objects that clients which poll are spread over. */
  readonly hubs: number;
  /** What one client of a team's own server may say, for ten seconds more at once; 0 is no bound. */
  readonly packetsPerSecond: number;
  readonly bytesPerSecond: number;
}
