import type { Socket } from "socket.io";
import type { HubConnection } from "./hub-connection.ts";

/** The connection that a socket is on: every one of a hub is one of ours. */
export function connectionOf(socket: Socket): HubConnection {
  // As socket.io types it, it is one of Engine.IO's.
  return socket.conn as unknown as HubConnection;
}
