import type { OwnApp } from "../../socketio/own-app.ts";
import type { SocketioApp } from "./default-app.ts";
import { openOwnApp } from "./hub-client.ts";
import { ownHubClass } from "./own-hub.ts";
import type { SocketioClass } from "./socketio-object.ts";

/** A server of Socket.IO of a team's own, as `hibiki()` takes it: what `socketio()` of `hibiki/socket.io` makes. */
export interface SocketioServer {
  /** The object class of its hub. */
  readonly hubClass: SocketioClass;
  readonly app: SocketioApp;
}

/** Puts a server into objects, with the Worker's ends of its clients before them. */
export function socketioServer(app: OwnApp): SocketioServer {
  return { hubClass: ownHubClass(app), app: { open: openOwnApp, isSpread: false } };
}
