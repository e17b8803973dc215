import type { Connection } from "../../connection/connection.ts";
import type { Person } from "./person.ts";

/** A document as the page knows it. */
export interface DocumentState {
  readonly connection: Connection;
  /** Whether all that the server had is here. */
  readonly isSynced: boolean;
  /** Whether the server has stored all that was written here. */
  readonly isSaved: boolean;
  /** Whether the server has said that one may not write. */
  readonly isRefused: boolean;
  /** Whether this device keeps what is written. */
  readonly isKept: boolean;
  /** Whether what this device had kept is here. */
  readonly isRead: boolean;
  /** Oneself first. */
  readonly people: readonly Person[];
}
