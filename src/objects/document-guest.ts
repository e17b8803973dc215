import type { LiveDocument } from "../document/live-document.ts";
import { ADMISSION_HEADER, refuseAdmission } from "../protocol/admission.ts";
import type { Close } from "../protocol/close.ts";
import {
  type DocumentAdmission,
  type Editor,
  type KeptEditor,
  readDocumentAdmission,
} from "../protocol/document-admission.ts";
import type { Refusal } from "../protocol/error.ts";
import { DEPLOYMENT_UNDER_WAY } from "../protocol/inner-version.ts";
import { OUR_FAULT } from "../protocol/refusals.ts";
import { YJS_SUBPROTOCOL } from "../protocol/yjs-subprotocol.ts";
import type { Couriers } from "./delivery/couriers.ts";
import type { HostedEditors } from "./editor-sockets.ts";
import type { Admittance, Guest, RawFrame, Reports } from "./host/guest.ts";
import type { Turns } from "./host/turns.ts";
import type { Reauthorization } from "./reauthorization.ts";

/** What a document's guest works with. */
export interface DocumentGuestParts {
  readonly live: LiveDocument;
  readonly closed: Refusal | undefined;
  /** Whether nobody comes in but by a rule of the team's. */
  readonly authorizes: boolean;
  readonly reauthorization: Reauthorization;
  /** What brings versions to those who hear of them; of each life of the document others. */
  readonly couriers: () => Couriers;
  /** What reports its numbers; of each life of the document another. */
  readonly reports: () => Reports;
  readonly editors: Pick<HostedEditors, "restore" | "ended">;
  readonly turns: Pick<Turns, "background">;
  /** Leaves nothing behind of a document that was never written. */
  readonly end: () => Promise<void>;
}

/** A {@link LiveDocument} as its host sees it. */
export class DocumentGuest implements Guest<DocumentAdmission, KeptEditor> {
  readonly closed: Refusal | undefined;
  readonly #parts: DocumentGuestParts;
  readonly #live: LiveDocument;

  constructor(parts: DocumentGuestParts) {
    this.#parts = parts;
    this.#live = parts.live;
    this.closed = parts.closed;
  }

  get reports(): Reports {
    return this.#parts.reports();
  }

  admit(request: Request, now: number): Admittance<DocumentAdmission> {
    const header = request.headers.get(ADMISSION_HEADER);
    const cannot = refuseAdmission(header) ?? this.closed;
    if (cannot !== undefined) return { ok: false, error: cannot };
    const visit = readDocumentAdmission(header);
    // The Worker that let it in is of a deployment that asks otherwise.
    if (!this.#isByRule(visit.editor)) return { ok: false, error: DEPLOYMENT_UNDER_WAY };
    const error = this.#live.attendance.refuses(visit.editor, now);
    if (error !== undefined) return { ok: false, error };
    return { ok: true, visit, subprotocol: visit.isNamed ? YJS_SUBPROTOCOL : undefined };
  }

  enter(id: string, { editor, wantsAccess }: DocumentAdmission, now: number): void {
    const admitted = this.#live.authorities.admitted(editor, now);
    this.#live.attendance.enter(id, admitted, now, wantsAccess);
  }

  /** Who is in by another rule, or by none, must come back and be asked about. */
  mayGoOn({ editor }: KeptEditor): boolean {
    return this.#isByRule(editor);
  }

  restore(id: string, kept: KeptEditor, now: number): void {
    this.#parts.editors.restore(id, kept);
    this.#live.attendance.restore(id, kept, now);
  }

  hear(id: string, raw: RawFrame, now: number): undefined {
    try {
      this.#live.hear(id, raw, now);
    } catch (error) {
      // Its client would believe that it was heard (P17.8).
      const { attendance } = this.#live;
      const connection = attendance.get(id);
      if (connection !== undefined) attendance.end(connection, OUR_FAULT, now);
      throw error;
    }
  }

  leave(id: string, close: Close, now: number): void {
    this.#parts.editors.ended(id);
    this.#live.leave(id, close, now);
  }

  /** Until then the platform keeps what a socket that was closed has not read. */
  ended(id: string): void {
    this.#live.attendance.debts.ended(id);
  }

  /** What an earlier life was to be woken for is found again in what it stored and in its sockets. */
  inherit(): void {}

  get hasWork(): boolean {
    return this.#live.hasWork;
  }

  get isTelling(): boolean {
    return this.#live.isTelling;
  }

  flushDelayMs(now: number): number {
    return this.#live.flushDelayMs(now);
  }

  flush(now: number): void {
    this.#live.flush(now);
    // That somebody is asked about in time must not rest on an alarm.
    this.#parts.reauthorization.begin(now);
  }

  get wakeAt(): number | undefined {
    const live = this.#live.wakeAt;
    const delivery = this.#parts.couriers().dueAt;
    return live === undefined ? delivery : Math.min(live, delivery ?? Number.POSITIVE_INFINITY);
  }

  wake(now: number): void {
    // Before the sweep looks at what is due: whoever is being asked about is not.
    this.#parts.reauthorization.begin(now);
    this.#live.wake(now);
    this.bring();
  }

  /** Empties the outbox as far as it goes. Not waited for: who hangs would put off sweeps. */
  bring(): void {
    const { turns, couriers } = this.#parts;
    turns.background(couriers().bring());
  }

  isOver(): boolean {
    return this.#live.isOver;
  }

  end(): Promise<void> {
    return this.#parts.end();
  }

  #isByRule({ authority }: Editor): boolean {
    return this.#parts.authorizes === (authority !== undefined);
  }
}
