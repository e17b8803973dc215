import { EventEmitter } from "node:events";
import type { HubConnection } from "./hub-connection.ts";

/** The engine that a server of Socket.IO is bound to: it tells it of connections. */
export class HubEngine extends EventEmitter {
  readonly #connections = new Map<string, HubConnection>();

  /** How many connections there are. */
  get clientsCount(): number {
    return this.#connections.size;
  }

  open(connection: HubConnection): void {
    this.#connections.set(connection.id, connection);
    this.emit("connection", connection);
  }

  ended(connection: HubConnection): void {
    this.#connections.delete(connection.id);
  }

  /** Ends all connections, as the engine of Node does when a server closes. */
  close(): void {
    for (const connection of this.#connections.values()) connection.close();
  }
}
