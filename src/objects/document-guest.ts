import type { LiveDocument } from "../document/live-document.ts";
import { ADMISSION_HEADER, refuseAdmission } from "../protocol/admission.ts";
import {
  type DocumentAdmission,
  type KeptEditor,
  readDocumentAdmission,
  YJS_SUBPROTOCOL,
} from "../protocol/document-admission.ts";
import type { Refusal } from "../protocol/error.ts";
import type { Admittance, Guest, RawFrame, Reports } from "./host/guest.ts";

/** What a document's guest works with. */
export interface DocumentGuestParts {
  readonly live: LiveDocument;
  readonly closed: Refusal | undefined;
  /** Leaves nothing behind of a document that was never written. */
  readonly end: () => Promise<void>;
}

/** Documents report to no metrics yet. */
const NO_REPORTS: Reports = { note: () => {}, dueAt: undefined, run: async () => {} };

/** A {@link LiveDocument} as its host sees it. */
export class DocumentGuest implements Guest<DocumentAdmission, KeptEditor> {
  readonly closed: Refusal | undefined;
  readonly reports = NO_REPORTS;
  readonly #live: LiveDocument;
  readonly #end: () => Promise<void>;

  constructor({ live, closed, end }: DocumentGuestParts) {
    this.#live = live;
    this.closed = closed;
    this.#end = end;
  }

  admit(request: Request, now: number): Admittance<DocumentAdmission> {
    const header = request.headers.get(ADMISSION_HEADER);
    const cannot = refuseAdmission(header) ?? this.closed;
    if (cannot !== undefined) return { ok: false, error: cannot };
    const visit = readDocumentAdmission(header);
    const error = this.#live.attendance.refuses(visit.editor, now);
    if (error !== undefined) return { ok: false, error };
    return { ok: true, visit, subprotocol: visit.isNamed ? YJS_SUBPROTOCOL : undefined };
  }

  enter(id: string, { editor }: DocumentAdmission, now: number): void {
    this.#live.attendance.enter(id, editor, now);
  }

  mayGoOn(): boolean {
    return true;
  }

  restore(id: string, kept: KeptEditor, now: number): void {
    this.#live.attendance.restore(id, kept, now);
  }

  hear(id: string, raw: RawFrame, now: number): undefined {
    this.#live.hear(id, raw, now);
  }

  leave(id: string, _: unknown, now: number): void {
    this.#live.leave(id, now);
  }

  /** A socket that a refusal closed counts for nothing any more. */
  ended(): void {}

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
  }

  get wakeAt(): number | undefined {
    return this.#live.wakeAt;
  }

  wake(now: number): void {
    this.#live.wake(now);
  }

  isOver(): boolean {
    return this.#live.isOver;
  }

  end(): Promise<void> {
    return this.#end();
  }
}
