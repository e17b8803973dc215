import type { JoinedDocument, Snapshot } from "../greeting.ts";
import type { Json } from "../json.ts";
import type { ClientFrameRows, ServerFrameRows } from "./row.ts";

/** Payload of `document_change`. */
export interface DocumentChange {
  /** How many changes of the document its sender had. */
  readonly version: number;
  /** What comes after those, in order: what a change is, only clients know. */
  readonly changes: readonly Json[];
}

/** What is sent in a document. */
export interface DocumentClientPayloads {
  readonly document_change: DocumentChange;
  readonly document_snapshot: Snapshot;
  /** Where its sender's cursor is; `null` takes it away. */
  readonly cursor_move: { readonly position: Json };
}

/** What is told in a document. */
export interface DocumentServerPayloads {
  readonly joined_document: JoinedDocument;
  /** One accepted `document_change`: `from` changes came before it, and with it there are `version`. */
  readonly remote_change: {
    readonly from: number;
    readonly version: number;
    readonly changes: readonly Json[];
    readonly userId: string;
  };
  readonly remote_cursor: { readonly userId: string; readonly position: Json };
}

/** The frames that a document takes. */
export const DOCUMENT_CLIENT_FRAMES = {
  document_change: {
    durable: true,
    needs: ["write"],
    asUser: true,
    http: { method: "POST", path: "/v1/rooms/:room/changes", status: 201 },
    tells: ["remote_change"],
  },
  document_snapshot: {
    durable: true,
    needs: ["write"],
    asUser: true,
    http: { method: "POST", path: "/v1/rooms/:room/snapshot", status: 200 },
  },
  // Over HTTP there is no connection with which it would go.
  cursor_move: { needs: ["read"], tells: ["remote_cursor"] },
} as const satisfies ClientFrameRows<DocumentClientPayloads>;

/** The frames that a document sends. */
export const DOCUMENT_SERVER_FRAMES = {
  joined_document: {},
  remote_change: { durable: true },
  remote_cursor: {},
} as const satisfies ServerFrameRows<DocumentServerPayloads>;
