import type { Database } from "../storage/database.ts";
import type { EngineApp } from "./engine-connection.ts";

/** What a server of Socket.IO needs of the object that it runs in. */
export interface OwnAppPorts {
  readonly database: Database;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Acts after so many milliseconds, unless what it returns is called before. */
  after(ms: number, act: () => void): () => void;
  /** A text of `A-Z a-z 0-9 _ -` that nothing else has. */
  newId(): string;
  log(message: string): void;
}

/** A team's own server of Socket.IO: what `socketio()` of `hibiki/socket.io` makes, and `hibiki()` takes. */
export interface OwnApp {
  /**
   * Makes it, in an object that has just started.
   *
   * @throws what the team's code throws.
   */
  open(ports: OwnAppPorts): EngineApp;
}
