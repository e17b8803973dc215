import type { Server } from "socket.io";
import { Hub, type HubPorts } from "./hub.ts";
import { checkedOptions, type SocketioOptions } from "./options.ts";

/** A server of Socket.IO, as `hibiki()` takes it. */
export interface Socketio {
  /** Makes it, in the object that it runs in. */
  open(ports: HubPorts): Hub;
}

/**
 * Makes a server of Socket.IO of ordinary code of one: what runs on Node after `new Server()` runs here.
 * Called again each time that the object wakes which the server is in: `connection` handlers then run again
 * for sockets that are there already, with `socket.recovered` true, and nothing that they send is sent.
 *
 * @throws {TypeError} that names what is wrong with the options, and what to do.
 */
export function socketio(setup: (io: Server) => void, options: SocketioOptions = {}): Socketio {
  if (typeof setup !== "function") {
    throw new TypeError("socketio(): it takes a function that is given the server, io.");
  }
  const checked = checkedOptions(options);
  return { open: (ports) => new Hub(setup, checked, ports) };
}
