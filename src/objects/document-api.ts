import type {
  Asked,
  DeadLetterPage,
  DocumentStats,
  DocumentVersion,
  Resent,
  RestoredVersion,
  VersionPage,
} from "../protocol/http-answer.ts";
import type { Actor } from "../room/actor.ts";
import type { DeadLetterQuery } from "../room/store/dead-letters.ts";
import type { RoomResult } from "./room-api.ts";

/** Yjs documents, as the Worker's binding names them. */
export type DocumentNamespace = DurableObjectNamespace<DocumentApi & Rpc.DurableObjectBranded>;

/** As what a document is read; `roots` and `root` are as the query has them. */
export type DocumentForm =
  | { readonly as: "update" }
  | { readonly as: "json"; readonly roots?: string | undefined }
  | { readonly as: "text"; readonly root?: string | undefined };

/** Which versions are wanted. */
export interface VersionQuery {
  readonly before?: number | undefined;
  readonly limit: number;
}

/** What the Worker asks of a Yjs document by RPC, beside the upgrade that goes through `fetch`. */
export interface DocumentApi {
  /** The document as it is stored: bytes of an update, of JSON, or of text in UTF-8. */
  read(actor: Actor, form: DocumentForm): Promise<RoomResult<ReadableStream<Uint8Array>>>;
  /** Takes an update as an edit, and answers once it is stored. Only for the backend. */
  merge(actor: Actor, update: Uint8Array): Promise<RoomResult<null>>;
  /** A page of versions before an id. */
  versions(actor: Actor, query: VersionQuery): Promise<RoomResult<VersionPage>>;
  /** Keeps what is there as a version. */
  keepVersion(actor: Actor, label: string | undefined): Promise<RoomResult<DocumentVersion>>;
  /** Gives a version another label; `null` takes it off. */
  labelVersion(
    actor: Actor,
    id: number,
    label: string | null,
  ): Promise<RoomResult<DocumentVersion>>;
  /** Makes the document what a version was, by a change like any other. */
  restoreVersion(actor: Actor, id: number): Promise<RoomResult<RestoredVersion>>;
  /** What is here now, and what happened since its first day. */
  stats(actor: Actor): Promise<RoomResult<DocumentStats>>;
  /** A page of what was given up here. Only for the backend, like the next. */
  deadLetters(actor: Actor, query: DeadLetterQuery): Promise<RoomResult<DeadLetterPage>>;
  /** Sends one of it again, or all. */
  resend(actor: Actor, id: number | undefined): Promise<RoomResult<Resent>>;
  /** Has the rule on who may be here asked anew about those inside, or one of them. Only for the backend. */
  reauthorize(actor: Actor, userId: string | undefined): Promise<RoomResult<Asked>>;
  /** Ends every connection, and erases everything. Only for the backend. */
  erase(actor: Actor): Promise<RoomResult<null>>;
}
