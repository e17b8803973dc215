import type { Server } from "socket.io";
import type { OwnApp } from "../socketio/own-app.ts";
import { Hub } from "./hub.ts";
import { checkedOptions, type SocketioOptions } from "./options.ts";

/**
 * Makes a server of Socket.IO of ordinary code of one, to be opened in the object that it is to run in.
 *
 * @throws {TypeError} that names what is wrong with the options, and what to do.
 */
export function ownApp(setup: (io: Server) => void, options: SocketioOptions = {}): OwnApp {
  if (typeof setup !== "function") {
    throw new TypeError("socketio(): it takes a function that is given the server, io.");
  }
  const checked = checkedOptions(options);
  return { open: (ports) => new Hub(setup, checked, ports) };
}
