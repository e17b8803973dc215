/** What clients of Socket.IO are held to. */
export interface SocketioSettings {
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  /** Objects that clients which poll are spread over. */
  readonly hubs: number;
}
