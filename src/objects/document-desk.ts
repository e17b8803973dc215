import type { KeptDocument } from "../document/kept-document.ts";
import type { LiveDocument } from "../document/live-document.ts";
import type { Numbers } from "../metrics/reporter.ts";
import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import { ProtocolError, type Refusal, refusal } from "../protocol/error.ts";
import type { Permission } from "../protocol/grant.ts";
import type {
  Asked,
  DeadLetterPage,
  DocumentStats,
  DocumentVersion,
  Resent,
  RestoredVersion,
  VersionPage,
} from "../protocol/http-answer.ts";
import { DEPLOYMENT_UNDER_WAY, refuseVersion } from "../protocol/inner-version.ts";
import type { Audit } from "../protocol/log-line.ts";
import { refuseWithout } from "../protocol/permission.ts";
import { BACKEND_ONLY } from "../protocol/refusals.ts";
import { VERSION_BOUNDS } from "../protocol/version-limits.ts";
import { type Actor, auditName } from "../room/actor.ts";
import { Buckets } from "../room/quota/buckets.ts";
import type { DeadLetterQuery } from "../room/store/dead-letters.ts";
import type { Address } from "../room/store/outbox.ts";
import type { SqlDocumentStore } from "../storage/sql-document-store.ts";
import { deadLetterPage, resendDeadLetters } from "./dead-letters.ts";
import { AFTER_CARRIER } from "./delivery/after-carrier.ts";
import type { DocumentApi, DocumentForm, VersionQuery } from "./document-api.ts";
import { writeForm } from "./document-form.ts";
import { documentStats } from "./document-stats.ts";
import { refusalOf, restoreVersion, toldVersion } from "./document-version.ts";
import { Outflow } from "./outflow.ts";
import type { RoomResult } from "./room-api.ts";

/** What a document's desk works with. */
export interface DocumentDeskParts {
  readonly keeping: KeptDocument;
  readonly live: LiveDocument;
  /** Its numbers, and the size of its database in bytes. */
  readonly numbers: () => Numbers;
  readonly storedBytes: () => number;
  /** What it is stored in by now. */
  readonly store: () => SqlDocumentStore;
  /** Has these visited at once. */
  readonly retry: (recipients: readonly Address[]) => void;
  /** Why it is closed to everybody. */
  readonly closed: Refusal | undefined;
  /** Something was done that the log must tell of afterwards. */
  readonly audited: (audit: Audit) => void;
  /** Whether nobody may do anything here but by a rule of the team's. */
  readonly authorizes: boolean;
  /** Has those inside, or one user of them, asked about anew; about how many people that is. */
  readonly nudge: (userId: string | undefined, now: number) => number;
  /** Erases all that is stored, and begins anew. */
  readonly erase: () => Promise<void>;
  /** Does something that the document is to see to, after something else was waited for. */
  readonly turn: <T>(work: (now: number) => T) => T;
  /** Waits until what was written so far is on disk. */
  readonly written: () => Promise<void>;
}

const NOTHING_WRITTEN = refusal("conflict", "Nobody has written to this document yet.");
const CROWDED = refusal(
  "rate_limited",
  "Too many versions wait to be told to the server's rules. Try again later.",
  10_000,
);
const NO_RULE = refusal("not_found", "A document has no rule on who may be in it.");
const BUSY = refusal("rate_limited", "Too many are reading this document. Try again later.", 1_000);

/** A document's side of everything that comes by request and not by socket. */
export class DocumentDesk implements DocumentApi {
  readonly #parts: DocumentDeskParts;
  readonly #outflow = new Outflow();
  readonly #reads = new Buckets({
    perSecond: EDITOR_BOUNDS.readBytesPerSecond,
    burst: EDITOR_BOUNDS.readBytesBurst,
  });

  constructor(parts: DocumentDeskParts) {
    this.#parts = parts;
  }

  async read(actor: Actor, form: DocumentForm): Promise<RoomResult<ReadableStream<Uint8Array>>> {
    const error = this.#refuses(actor, "read") ?? this.#costs(actor);
    if (error !== undefined) return { ok: false, error };
    if (!this.#outflow.has(this.#parts.keeping.storedBytes)) return { ok: false, error: BUSY };
    const written = writeForm(this.#parts.keeping.parts, form);
    return written.ok ? { ok: true, value: this.#outflow.send(written.value) } : written;
  }

  async merge(actor: Actor, update: Uint8Array): Promise<RoomResult<null>> {
    const error = this.#refuses(actor, "backend") ?? refusalOf(this.#parts.keeping.offer(update));
    if (error !== undefined) return { ok: false, error };
    const stored = await this.#stored();
    if (stored.ok) this.#parts.audited({ action: "put_document", by: auditName(actor) });
    return stored;
  }

  async versions(actor: Actor, query: VersionQuery): Promise<RoomResult<VersionPage>> {
    const error = this.#refuses(actor, "read");
    if (error !== undefined) return { ok: false, error };
    const { before = Number.MAX_SAFE_INTEGER, limit } = query;
    const { versions, hasMore } = this.#parts.keeping.versions.page(before, limit);
    return { ok: true, value: { versions: versions.map(toldVersion), hasMore } };
  }

  async keepVersion(actor: Actor, label: string | undefined): Promise<RoomResult<DocumentVersion>> {
    const { keeping, turn } = this.#parts;
    const error = this.#refuses(actor, "write") ?? this.#crowded() ?? this.#costs(actor);
    if (error !== undefined) return { ok: false, error };
    const stored = await this.#stored();
    if (!stored.ok) return stored;
    if (!keeping.isWritten) return { ok: false, error: NOTHING_WRITTEN };
    const wanted = { by: actor.userId, label, cause: "asked" } as const;
    const kept = turn((now) => keeping.keepVersion(wanted, now));
    return kept.ok ? { ok: true, value: toldVersion(kept.version) } : kept;
  }

  async labelVersion(
    actor: Actor,
    id: number,
    label: string | null,
  ): Promise<RoomResult<DocumentVersion>> {
    const error = this.#refuses(actor, "write");
    if (error !== undefined) return { ok: false, error };
    const kept = this.#parts.keeping.versions.label(id, label ?? undefined);
    return kept.ok ? { ok: true, value: toldVersion(kept.version) } : kept;
  }

  async restoreVersion(actor: Actor, id: number): Promise<RoomResult<RestoredVersion>> {
    const { keeping, live, audited, turn } = this.#parts;
    const refused =
      this.#refuses(actor, "write") ??
      this.#crowded() ??
      this.#costs(actor, keeping.versions.bytesOf(id));
    if (refused !== undefined) return { ok: false, error: refused };
    const before = await this.#stored();
    if (!before.ok) return before;
    const by = actor.userId;
    const restored = turn((now) => {
      const bring = (count: number) => live.brought.bring(by, count, now);
      const newcomers = actor.backend === true ? undefined : bring;
      return restoreVersion(keeping, id, { by, now, client: freshClient(), newcomers });
    });
    if (!restored.ok || !restored.value.changed) return restored;
    const after = await this.#stored();
    if (!after.ok) return after;
    audited({ action: "restore_version", by: auditName(actor) });
    return restored;
  }

  async stats(actor: Actor): Promise<RoomResult<DocumentStats>> {
    const error = this.#refuses(actor, "moderate");
    if (error !== undefined) return { ok: false, error };
    const { live, numbers, storedBytes } = this.#parts;
    const here = live.attendance.here();
    const users = new Set(here.map(({ editor }) => editor.userId)).size;
    const now = { connections: live.attendance.size, users, storedBytes: storedBytes() };
    return { ok: true, value: documentStats(now, numbers()) };
  }

  async deadLetters(actor: Actor, query: DeadLetterQuery): Promise<RoomResult<DeadLetterPage>> {
    const error = this.#refuses(actor, "backend");
    if (error !== undefined) return { ok: false, error };
    return { ok: true, value: deadLetterPage(this.#parts.store(), query) };
  }

  async resend(actor: Actor, id: number | undefined): Promise<RoomResult<Resent>> {
    const error = this.#refuses(actor, "backend");
    if (error !== undefined) return { ok: false, error };
    const { store, retry, turn, audited } = this.#parts;
    const resending = { room: store(), store: store(), retry };
    const resent = turn((now) => resendDeadLetters(resending, id, now));
    if (!resent.ok) return resent;
    const target = id === undefined ? "all" : String(id);
    audited({ action: "resend_dead_letters", by: auditName(actor), target });
    return resent;
  }

  async reauthorize(actor: Actor, userId: string | undefined): Promise<RoomResult<Asked>> {
    const { authorizes, nudge, audited } = this.#parts;
    const error = this.#refuses(actor, "backend") ?? (authorizes ? undefined : NO_RULE);
    if (error !== undefined) return { ok: false, error };
    const target = userId === undefined ? {} : { target: userId };
    audited({ action: "reauthorize", by: auditName(actor), ...target });
    return { ok: true, value: { asked: nudge(userId, Date.now()) } };
  }

  async erase(actor: Actor): Promise<RoomResult<null>> {
    const error = this.#refuses(actor, "backend");
    if (error !== undefined) return { ok: false, error };
    await this.#parts.erase();
    this.#parts.audited({ action: "delete_document", by: auditName(actor) });
    return { ok: true, value: null };
  }

  /** Why somebody may not do what needs this. */
  #refuses(actor: Actor, need: Permission | "backend"): Refusal | undefined {
    const cannot = refuseVersion(actor.version) ?? this.#parts.closed;
    if (cannot !== undefined) return cannot;
    const isUnasked = actor.backend !== true && actor.authorized !== true;
    // The Worker that let them in is of a deployment that asks nobody.
    if (this.#parts.authorizes && isUnasked) return DEPLOYMENT_UNDER_WAY;
    if (need !== "backend") return refuseWithout([need], actor);
    return actor.backend === true ? undefined : BACKEND_ONLY;
  }

  /** Why nobody may have a version kept for now: too many wait to be told to the team's rules. */
  #crowded(): Refusal | undefined {
    const queue = this.#parts.store().outbox.of(AFTER_CARRIER);
    return queue.hasRoomFor(1, VERSION_BOUNDS.tidingsWaiting) ? undefined : CROWDED;
  }

  /** Counts the reading of the whole document for a person. The team's own backend is not counted. */
  #costs({ userId, backend }: Actor, more = 0): Refusal | undefined {
    if (backend === true) return undefined;
    const { readCostBytes, readBytesBurst } = EDITOR_BOUNDS;
    const { storedBytes } = this.#parts.keeping;
    const bytes = Math.min(readBytesBurst, Math.max(readCostBytes, storedBytes + more));
    const taken = this.#reads.take(userId, Date.now(), bytes);
    if (taken.allowed) return undefined;
    const message = "You read this document too often. Wait and try again.";
    return refusal("rate_limited", message, taken.retryAfterMs);
  }

  /** Waits until all that was taken so far is stored. */
  async #stored(): Promise<RoomResult<null>> {
    try {
      await this.#parts.keeping.stored();
    } catch (error) {
      if (error instanceof ProtocolError) return { ok: false, error: error.refusal };
      throw error;
    }
    await this.#parts.written();
    return { ok: true, value: null };
  }
}

/** Whose a change of ours is: a client id that no editor has, as like as not. */
function freshClient(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
