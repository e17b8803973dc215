import type { EngineConnection } from "../socketio/engine-connection.ts";

/** A connection that a crash has ended: its sockets are restored to be told so. */
export function lostConnection(id: string, now: number): EngineConnection {
  return {
    id,
    handshake: { headers: {}, url: "", query: {}, address: "", secure: true, at: now },
    transport: "websocket",
    isWritable: false,
    send: () => {},
    close: () => {},
  };
}
