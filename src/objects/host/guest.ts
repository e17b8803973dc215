import type { Close } from "../../protocol/close.ts";
import type { Refusal } from "../../protocol/error.ts";

/** A frame as a socket brings it. */
export type RawFrame = string | ArrayBuffer;

/** Who is let in, or why not. */
export type Admittance<Visit> =
  | {
      readonly ok: true;
      readonly visit: Visit;
      /** Of those that the client offered; `undefined` for none (RFC 6455 §4.2.2). */
      readonly subprotocol: string | undefined;
    }
  | { readonly ok: false; readonly error: Refusal };

/** What of a guest is told to the metrics, and when. */
export interface Reports {
  /** Notes what has happened since it was last asked. */
  note(now: number): void;
  /** When {@link run} must run next, milliseconds since the epoch; `undefined` when nothing calls for it. */
  readonly dueAt: number | undefined;
  /** Reports if that is due. */
  run(now: number): Promise<void>;
}

/**
 * What of a guest its turns see to, after each of them: a flush, an alarm, a report, its end. So
 * nothing that a guest does has to be announced. Every `now` is milliseconds since the epoch.
 */
export interface TurnTaker {
  /** Why it is closed to everybody for now: then nothing of it is read, written or ended. */
  readonly closed: Refusal | undefined;
  readonly reports: Reports;
  /** Takes over when an earlier life wanted to be woken; that may have passed. */
  inherit(wakeAt: number | undefined): void;
  /** Whether {@link flush} is to be called. */
  readonly hasWork: boolean;
  /** Whether the last flush was sent in part: the rest follows once what it stored is on disk. */
  readonly isTelling: boolean;
  /** How long the due flush waits, in milliseconds; a loop of fixed steps waits for its next step. */
  flushDelayMs(now: number): number;
  /** Stores and sends what waits. */
  flush(now: number): void;
  /** When {@link wake} must be called next; `undefined` when nothing will ever be due. */
  readonly wakeAt: number | undefined;
  /**
   * The alarm went off: does what is due by now, which may be nothing.
   *
   * @param wasInherited whether an earlier life had set it, so that this one need not know what for.
   */
  wake(now: number, wasInherited: boolean): void;
  /** Whether nobody is here and nothing is left that is worth keeping. */
  isOver(now: number): boolean;
  /** Ends a life that is over, and leaves nothing behind. */
  end(now: number): Promise<void>;
}

/**
 * Who gives the sockets of a {@link SocketHost} a meaning. The host calls it in turns.
 *
 * @typeParam Visit what is known of a newcomer.
 * @typeParam Kept what a socket keeps of its connection while the object sleeps.
 */
export interface Guest<Visit, Kept> extends TurnTaker {
  /** Reads who wants in, and says whether that may be. */
  admit(request: Request, now: number): Admittance<Visit>;
  /** Lets a newcomer in, whose socket is open: it must be kept. Whatever this throws undoes it. */
  enter(id: string, visit: Visit, now: number): void;
  /** Whether a connection that was kept goes on; else its client must come back. */
  mayGoOn(kept: Kept): boolean;
  /**
   * Takes back a connection that outlived a sleep.
   *
   * @param hasEnded whether its socket ended meanwhile, and it is told to leave next.
   */
  restore(id: string, kept: Kept, now: number, hasEnded?: boolean): void;
  /** A frame came; what it returns has the platform wait for what is done about it outside of turns. */
  hear(id: string, raw: RawFrame, now: number): Promise<void> | undefined;
  /** A connection is gone, whoever ended it but the guest itself. */
  leave(id: string, close: Close, now: number): void;
  /** The socket of a connection that the guest had closed has ended. */
  ended(id: string): void;
}
