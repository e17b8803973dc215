import type { Awareness } from "y-protocols/awareness";
import type { Doc } from "yjs";
import type { RealtimeError } from "./error.ts";
import type { StatusChange } from "./room-event.ts";

declare global {
  // Yjs's types name two of the DOM's, and would not compile where there is none, as in a Worker. They
  // add nothing to the DOM's own.
  interface Document {}
  interface Node {}
}

/** What a document is opened with. */
export interface DocumentOptions {
  /** The application's own, with what it holds already; a new one when absent. */
  readonly doc?: Doc | undefined;
  /** Of that document; a new one when absent. */
  readonly awareness?: Awareness | undefined;
}

/** Every event of a document with what its listeners are called with. */
export interface DocumentEvents {
  /** The connection came, went, or is being retried; nothing more comes after `closed`. */
  readonly status: readonly [change: StatusChange];
  /** Whether all that the server had is here. */
  readonly synced: readonly [isSynced: boolean];
  /** Whether the server has stored all that was changed here. */
  readonly saved: readonly [isSaved: boolean];
  /** Whether this user may only read. */
  readonly readOnly: readonly [isReadOnly: boolean];
  /** The server refused something, and the connection goes on. */
  readonly error: readonly [error: RealtimeError];
}
