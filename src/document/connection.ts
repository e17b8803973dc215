import type { Close } from "../protocol/close.ts";
import type { Editor, KeptEditor } from "../protocol/document-admission.ts";
import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import type { DocumentLimits } from "../protocol/settings.ts";
import { type Bucket, fullBucket, type Rate } from "../room/quota/quota.ts";
import type { WireMessage } from "./wire.ts";

/** A sign that a connection reads: what it answers to what it was sent. */
export type Sign = "sync" | "awareness";

/** Whether a message is such a sign. */
export function signOf({ type }: Pick<WireMessage, "type">): Sign | undefined {
  if (type === "sync_step_2") return "sync";
  return type === "awareness" ? "awareness" : undefined;
}

/** Somebody's connection to a document. Times are milliseconds since the epoch. */
export interface Connection {
  readonly id: string;
  editor: Editor;
  readonly connectedAt: number;
  heardAt: number;
  /** The same as its socket keeps it. */
  heardKeptAt: number;
  /** Whether it was sent the document, and so hears what changes. */
  isSynced: boolean;
  isToldReadOnly: boolean;
  /** Whether it was told that others do not see all that it shows. */
  isToldUnseen: boolean;
  badFrames: number;
  /** What it may say yet, in bytes: of the document, and of cursors, which stock clients echo to no end. */
  bytes: Bucket;
  cursorBytes: Bucket;
  /** How often it may ask for what it lacks. */
  syncs: Bucket;
  /** What it was sent and has not shown to have read, in bytes. */
  unreadBytes: number;
  /** What it was asked for to show that it reads, and since when. */
  asked: { readonly sign: Sign; readonly at: number } | undefined;
  /** How often the rule on who may be here is being asked about it, and was said to be asked. */
  asks: number;
  nudges: number;
  /** How it is to be closed, once it has had time to read why; it hears and says nothing more. */
  ending: { readonly at: number; readonly close: Close } | undefined;
}

/** The sockets of a document, as it needs them. */
export interface EditorSockets {
  send(id: string, frame: Uint8Array): void;
  keep(id: string, kept: KeptEditor): void;
  close(id: string, close: Close): void;
}

/** How often a connection may ask for all that it lacks. */
export const SYNC_RATE: Rate = {
  perSecond: EDITOR_BOUNDS.syncsPerSecond,
  burst: EDITOR_BOUNDS.syncsBurst,
};

/** How much a connection may say; `undefined` where that has no limit. */
export function byteRate({ bytesPerSecond, frameBytes }: DocumentLimits): Rate | undefined {
  if (bytesPerSecond === 0) return undefined;
  const burst = Math.max(bytesPerSecond, frameBytes * EDITOR_BOUNDS.burstFrames);
  return { perSecond: bytesPerSecond, burst };
}

/** A connection that has just come in, or back from a sleep. */
export function openConnection(
  id: string,
  kept: Omit<KeptEditor, "cursors">,
  limits: DocumentLimits,
  now: number,
): Connection {
  return {
    ...kept,
    id,
    heardKeptAt: kept.heardAt,
    bytes: fullBucket(byteRate(limits) ?? SYNC_RATE, now),
    cursorBytes: fullBucket(byteRate(limits) ?? SYNC_RATE, now),
    syncs: fullBucket(SYNC_RATE, now),
    unreadBytes: 0,
    asked: undefined,
    isToldUnseen: false,
    asks: 0,
    nudges: 0,
    ending: undefined,
  };
}

/** Whether a connection is told what happens: it was sent the document, and may still hear of it. */
export function isTold({ isSynced, editor }: Connection, now: number): boolean {
  return isSynced && editor.expiresAt > now;
}
