import type { EventEmitter } from "./events.js";
import type { IncomingMessage } from "./http.js";

/** The connection that sockets are on. */
export interface Socket extends EventEmitter {
  readonly id: string;
  readonly protocol: number;
  readonly readyState: "open" | "closing" | "closed";
  readonly remoteAddress: string;
  readonly request: IncomingMessage;
  readonly transport: { readonly name: string; readonly writable: boolean };
  close(): void;
}
/** What connections come from. */
export interface Server extends EventEmitter {
  readonly clientsCount: number;
}
/** Said elsewhere: the settings of the deployment. */
export type ServerOptions = object;
export type AttachOptions = object;
