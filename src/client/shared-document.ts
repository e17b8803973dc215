import type { Awareness } from "y-protocols/awareness";
import type { Doc } from "yjs";
import type { ErrorCode } from "../protocol/error.ts";
import type { DocumentVersion, RestoredVersion, VersionPage } from "../protocol/http-answer.ts";
import type { DocumentEvents } from "./document-event.ts";
import type { DocumentSession } from "./document-session.ts";
import { askVersions, type VersionQuery } from "./document-versions.ts";
import { Emitter, type Listener } from "./emitter.ts";
import { RealtimeError } from "./error.ts";
import type { RoomStatus, StatusReason } from "./room-event.ts";

const STATES = ["status", "synced", "saved", "readOnly"] as const;

/**
 * A document that people edit together (P17.1), as one user has it. What is changed in {@link doc} goes to
 * the others, also what was changed offline once there is a connection again. Made by
 * `client.document(name)`, each a handle of its own; closed for good by {@link close}, or by a refusal.
 */
export class SharedDocument {
  /** The document's name, without `document:`. */
  readonly name: string;
  readonly #session: DocumentSession;
  readonly #events: Emitter<DocumentEvents>;
  readonly #detach: () => void;
  #closed: Promise<void> | undefined;

  /** For the client: applications call `client.document(name)`. */
  constructor(name: string, session: DocumentSession) {
    this.name = name;
    this.#session = session;
    this.#events = new Emitter((error) => session.options.environment.report(error));
    this.#detach = session.audience.add(this.#events);
    session.enter();
  }

  /** What is edited: hand its types to an editor. */
  get doc(): Doc {
    return this.#session.doc;
  }

  /** Who is here, with what each shows: hand it to an editor, for its cursors. */
  get awareness(): Awareness {
    return this.#session.awareness;
  }

  get status(): RoomStatus {
    return this.#isClosed ? "closed" : this.#session.connection.status;
  }

  /** Why there is no connection, as of the last failure; `undefined` while there is one. */
  get reason(): StatusReason | undefined {
    return this.#isClosed ? undefined : this.#session.connection.reason;
  }

  /** Whether all that the server had, as of this connection, is here. */
  get synced(): boolean {
    return !this.#isClosed && this.#session.isSynced;
  }

  /** Whether the server has stored all that was changed here. */
  get saved(): boolean {
    return this.#session.saves.isSaved;
  }

  /** Whether the server has said that this user may not change it: then what is changed stays here. */
  get readOnly(): boolean {
    return this.#session.isReadOnly;
  }

  /**
   * Resolves once {@link synced} is true.
   *
   * @throws {RealtimeError} the refusal that closed it for good, or `disconnected`.
   */
  whenSynced(): Promise<void> {
    return this.#when(() => this.synced);
  }

  /** Resolves once {@link saved} is true; throws as {@link whenSynced}. */
  whenSaved(): Promise<void> {
    return this.#when(() => this.saved);
  }

  /** Listens to one type of event, until the function returned is called, or this handle is closed. */
  on<T extends keyof DocumentEvents>(type: T, listener: Listener<DocumentEvents[T]>): () => void {
    return this.#isClosed ? () => {} : this.#events.on(type, listener);
  }

  /** Calls when anything that this handle shows may be another one now. */
  subscribe(changed: () => void): () => void {
    const off = STATES.map((type) => this.on(type, () => changed()));
    return () => {
      for (const end of off) end();
    };
  }

  /**
   * What the document was, the newest first.
   *
   * @throws {RealtimeError} the server's refusal, `unreachable` or `timeout`; so do those below.
   */
  versions({ before, limit }: VersionQuery = {}): Promise<VersionPage> {
    return this.#ask<VersionPage>("GET", "", undefined, { before, limit });
  }

  /** Keeps the document as it is as a version. */
  keepVersion(label?: string): Promise<DocumentVersion> {
    return this.#ask<DocumentVersion>("POST", "", { label });
  }

  /** Gives a version a label, or takes it off. */
  labelVersion(id: number, label: string | null): Promise<DocumentVersion> {
    return this.#ask<DocumentVersion>("PATCH", `/${id}`, { label });
  }

  /** Makes the document what a version was, by a change as any other; what it is now becomes a version. */
  restoreVersion(id: number): Promise<RestoredVersion> {
    return this.#ask<RestoredVersion>("POST", `/${id}/restore`);
  }

  /**
   * Closes this handle: it hears nothing more. The connection ends with the last handle of the document;
   * {@link doc} stays what it is. Resolves when it has ended, at once while others hold it.
   */
  close(): Promise<void> {
    if (this.#closed !== undefined) return this.#closed;
    const wasClosed = this.status === "closed";
    this.#closed = this.#session.leave();
    this.#detach();
    if (!wasClosed) this.#events.emit("status", { status: "closed" });
    this.#events.clear();
    return this.#closed;
  }

  get #isClosed(): boolean {
    return this.#closed !== undefined;
  }

  #ask<Answer>(
    ...question: Parameters<typeof askVersions> extends [unknown, ...infer Q] ? Q : never
  ) {
    return askVersions<Answer>({ ...this.#session.options, document: this.name }, ...question);
  }

  #when(isSo: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let off = () => {};
      const look = () => {
        if (!isSo() && this.status !== "closed") return;
        off();
        if (isSo()) resolve();
        else reject(closedBy(this.reason));
      };
      off = this.subscribe(look);
      look();
    });
  }
}

function closedBy(reason: StatusReason | undefined): RealtimeError {
  if (reason === undefined) return RealtimeError.local("disconnected", "The document is closed.");
  const { code, message, cause } = reason;
  // It is the server's word, or the SDK's own, and final.
  return RealtimeError.refused({ code: code as ErrorCode, message, retryable: false }, { cause });
}
