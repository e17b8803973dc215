import { DurableObject } from "cloudflare:workers";
import { KeptDocument } from "../document/kept-document.ts";
import { LiveDocument } from "../document/live-document.ts";
import { type Dataset, Journal } from "../metrics/journal.ts";
import {
  type DocumentAdmission,
  KEPT_EDITOR,
  type KeptEditor,
} from "../protocol/document-admission.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import type { DocumentVersion, RestoredVersion, VersionPage } from "../protocol/http-answer.ts";
import { readSettings, type SettingName } from "../protocol/settings.ts";
import type { Actor } from "../room/actor.ts";
import type { Database } from "../storage/database.ts";
import { NewerSchemaError } from "../storage/migrations.ts";
import { NO_DATABASE } from "../storage/no-database.ts";
import { SqlDocumentStore } from "../storage/sql-document-store.ts";
import type { DocumentApi, DocumentForm, VersionQuery } from "./document-api.ts";
import { DocumentDesk } from "./document-desk.ts";
import { DocumentGuest } from "./document-guest.ts";
import { DurableDatabase } from "./durable-database.ts";
import { SocketHost } from "./host/socket-host.ts";
import type { RoomResult } from "./room-api.ts";
import { RoomJournal } from "./room-journal.ts";

/** The environment that a document reads its settings from. */
export type DocumentEnv = Readonly<Partial<Record<SettingName, string>>> & {
  readonly ANALYTICS?: Dataset;
};

const NEWER_DOCUMENT: Refusal = refusal(
  "internal",
  "A newer version of Hibiki wrote this document. Finish the deployment of that version, then try again.",
);

/** One Yjs document as a Durable Object: a host of its editors' sockets, whose guest is the document. */
export class DocumentObject extends DurableObject<DocumentEnv> implements DocumentApi {
  readonly #host: SocketHost<DocumentAdmission, KeptEditor>;
  readonly #desk: DocumentDesk;

  constructor(ctx: DurableObjectState, env: DocumentEnv) {
    super(ctx, env);
    this.#host = new SocketHost(ctx, { format: KEPT_EDITOR });
    const { guest, desk } = this.#assemble();
    this.#desk = desk;
    this.#host.open(() => guest);
  }

  read(actor: Actor, form: DocumentForm): Promise<RoomResult<ReadableStream<Uint8Array>>> {
    return this.#answer((desk) => desk.read(actor, form));
  }

  merge(actor: Actor, update: Uint8Array): Promise<RoomResult<null>> {
    return this.#answer((desk) => desk.merge(actor, update));
  }

  versions(actor: Actor, query: VersionQuery): Promise<RoomResult<VersionPage>> {
    return this.#answer((desk) => desk.versions(actor, query));
  }

  keepVersion(actor: Actor, label: string | undefined): Promise<RoomResult<DocumentVersion>> {
    return this.#answer((desk) => desk.keepVersion(actor, label));
  }

  labelVersion(
    actor: Actor,
    id: number,
    label: string | null,
  ): Promise<RoomResult<DocumentVersion>> {
    return this.#answer((desk) => desk.labelVersion(actor, id, label));
  }

  restoreVersion(actor: Actor, id: number): Promise<RoomResult<RestoredVersion>> {
    return this.#answer((desk) => desk.restoreVersion(actor, id));
  }

  erase(actor: Actor): Promise<RoomResult<null>> {
    return this.#answer((desk) => desk.erase(actor));
  }

  override fetch(request: Request): Response {
    return this.#host.enter(request);
  }

  override webSocketMessage(socket: WebSocket, raw: string | ArrayBuffer): Promise<void> {
    return this.#host.message(socket, raw);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string, clean: boolean): void {
    this.#host.closed(socket, { code, reason, clean });
  }

  override webSocketError(socket: WebSocket): void {
    this.#host.failed(socket);
  }

  override alarm(info?: AlarmInvocationInfo): Promise<void> {
    return this.#host.alarm(info);
  }

  #answer<T>(call: (desk: DocumentApi) => Promise<T>): Promise<T> {
    return this.#host.turns.longTurn(() => call(this.#desk));
  }

  #assemble(): Assembled {
    const read = readSettings(this.env);
    if (!read.ok) throw new Error(read.problem);
    const { documents: limits } = read.settings;
    const name = this.ctx.id.name ?? "";
    const journal = new RoomJournal(name, new Journal(this.env.ANALYTICS), Date.now);
    const { store: first, closed } = openStore(this.ctx, name);
    let store = first;
    const failed = (where: string, error: unknown) => journal.error(where, error);
    const { sockets } = this.#host;
    const document = new KeptDocument(store, limits, failed);
    const live = new LiveDocument({
      document,
      sockets: {
        // No other thread shares the memory of a frame.
        send: (id, frame) => sockets.send(id, frame as Uint8Array<ArrayBuffer>),
        keep: (id, kept) => sockets.keep(id, kept),
        close: (id, close) => sockets.close(id, close),
      },
      limits,
      failed,
    });
    const guest = new DocumentGuest({ live, closed, end: () => this.#host.erase(false) });
    const desk = new DocumentDesk({
      keeping: document,
      closed,
      audited: (action, by) => journal.audited({ action, by }),
      erase: () => {
        const erased = this.#host.erase(store.isWritten);
        store.close();
        store = openStore(this.ctx, name).store;
        live.erase(store, Date.now());
        return erased;
      },
      turn: (work) => this.#host.turns.turn(work),
      written: () => this.#host.written(),
    });
    return { guest, desk };
  }
}

interface Assembled {
  readonly guest: DocumentGuest;
  readonly desk: DocumentDesk;
}

interface Opened {
  readonly store: SqlDocumentStore;
  /** Why this code may not use what is stored. */
  readonly closed: Refusal | undefined;
}

function openStore(ctx: DurableObjectState, name: string): Opened {
  const open = (database: Database) => new SqlDocumentStore(database, name);
  try {
    return { store: open(new DurableDatabase(ctx.storage)), closed: undefined };
  } catch (error) {
    if (!(error instanceof NewerSchemaError)) throw error;
    return { store: open(NO_DATABASE), closed: NEWER_DOCUMENT };
  }
}
