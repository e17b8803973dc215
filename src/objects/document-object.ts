import {
  type DocumentAdmission,
  KEPT_EDITOR,
  type KeptEditor,
} from "../protocol/document-admission.ts";
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
import type { DocumentApi, DocumentForm, VersionQuery } from "./document-api.ts";
import { assembleDocument, type DocumentDeployment, type DocumentEnv } from "./document-parts.ts";
import { HostObject } from "./host/host-object.ts";
import type { RoomResult } from "./room-api.ts";

/** One Yjs document as a Durable Object: a host of its editors' sockets, whose guest is the document. */
export class DocumentObject
  extends HostObject<DocumentEnv, DocumentAdmission, KeptEditor>
  implements DocumentApi
{
  readonly #desk: DocumentApi;

  /** @param deployment what all of its documents have in common. */
  constructor(ctx: DurableObjectState, env: DocumentEnv, deployment: DocumentDeployment) {
    super(ctx, env, { format: KEPT_EDITOR });
    const place = { ctx, env, host: this.host, ...deployment };
    const { guest, desk } = assembleDocument(place);
    this.#desk = desk;
    this.host.open(() => guest);
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

  stats(actor: Actor): Promise<RoomResult<DocumentStats>> {
    return this.#answer((desk) => desk.stats(actor));
  }

  deadLetters(actor: Actor, query: DeadLetterQuery): Promise<RoomResult<DeadLetterPage>> {
    return this.#answer((desk) => desk.deadLetters(actor, query));
  }

  resend(actor: Actor, id: number | undefined): Promise<RoomResult<Resent>> {
    return this.#answer((desk) => desk.resend(actor, id));
  }

  reauthorize(actor: Actor, userId: string | undefined): Promise<RoomResult<Asked>> {
    return this.#answer((desk) => desk.reauthorize(actor, userId));
  }

  erase(actor: Actor): Promise<RoomResult<null>> {
    return this.#answer((desk) => desk.erase(actor));
  }

  #answer<T>(call: (desk: DocumentApi) => Promise<T>): Promise<T> {
    return this.host.turns.longTurn(() => call(this.#desk));
  }
}
