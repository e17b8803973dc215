import type { Server } from "socket.io";
import { type SocketioServer, socketioServer } from "../edge/socketio/socketio-server.ts";
import type { SocketioOptions } from "./options.ts";
import { ownApp } from "./own-app.ts";

export type { BroadcastOperator, Namespace, RemoteSocket, Server, Socket } from "socket.io";
export type { SocketioServer } from "../edge/socketio/socketio-server.ts";
export type { SocketioOptions } from "./options.ts";

/**
 * Makes a server of Socket.IO of ordinary code of one: what runs on Node after `new Server()` runs here.
 * Called again each time that the object wakes which the server is in: `connection` handlers then run again
 * for sockets that are there already, with `socket.recovered` true, and nothing that they send is sent.
 *
 * @throws {TypeError} that names what is wrong with the options, and what to do.
 */
export function socketio(
  setup: (io: Server) => void,
  options: SocketioOptions = {},
): SocketioServer {
  return socketioServer(ownApp(setup, options));
}
