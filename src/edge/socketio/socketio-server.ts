import type { OwnApp } from "../../socketio/own-app.ts";
import type { OpenApp } from "./default-app.ts";
import { openOwnApp } from "./hub-client.ts";
import { ownHubClass } from "./own-hub.ts";
import type { SocketioClass } from "./socketio-object.ts";

/** A server of Socket.IO of a team's own, as `hibiki()` takes it: what `socketio()` of `hibiki/socket.io` makes. */
export interface SocketioServer {
  /** The object class of its hubs. */
  readonly hubClass: SocketioClass;
  /** The Worker's end of each of its clients. */
  readonly open: OpenApp;
}

/** Puts a server into objects, with the Worker's ends of its clients before them. */
export function socketioServer(app: OwnApp): SocketioServer {
  return { hubClass: ownHubClass(app), open: openOwnApp };
}
