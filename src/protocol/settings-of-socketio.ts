/** Vars of clients of Socket.IO, as they were read. */
export interface SocketioVars {
  readonly SOCKETIO_PING_INTERVAL_MS: number;
  readonly SOCKETIO_PING_TIMEOUT_MS: number;
  readonly SOCKETIO_HUBS: number;
  readonly SOCKETIO_PACKETS_PER_SECOND: number;
  readonly SOCKETIO_BYTES_PER_SECOND: number;
}

/** The settings that these vars make. */
export function toSocketioSettings(vars: SocketioVars): SocketioSettings {
  return {
    pingIntervalMs: vars.SOCKETIO_PING_INTERVAL_MS,
    pingTimeoutMs: vars.SOCKETIO_PING_TIMEOUT_MS,
    hubs: vars.SOCKETIO_HUBS,
    packetsPerSecond: vars.SOCKETIO_PACKETS_PER_SECOND,
    bytesPerSecond: vars.SOCKETIO_BYTES_PER_SECOND,
  };
}

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
