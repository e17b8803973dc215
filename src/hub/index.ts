/** `hibiki/socket.io`: servers of Socket.IO. */
export type { BroadcastOperator, Namespace, RemoteSocket, Server, Socket } from "socket.io";
export type { SocketioOptions } from "./options.ts";
export { type Socketio, socketio } from "./socketio.ts";
