import type { Refusal } from "../protocol/error.ts";

/** A checked frame, as the engine sees it: what its payload means is for its kind to know. */
export interface RoomFrame {
  readonly type: string;
  readonly payload?: unknown;
  /** Names what is stored, so that the same sent again stores nothing new; absent of what is not. */
  readonly messageId?: string;
  /** The log's head as its sender knew it when it first sent this. */
  readonly sentAt?: number | undefined;
  /** `seq` of what it is about in the room that it comes from: its key then names it for good. */
  readonly source?: number | undefined;
}

/** A frame that is stored, and so has a key. */
export type StoredFrame = RoomFrame & { readonly messageId: string };

/** Whether a frame is one that is stored. */
export function isStoredFrame(frame: RoomFrame): frame is StoredFrame {
  return frame.messageId !== undefined;
}

/** How whoever sent a frame is answered. */
export interface Asking {
  /** What an answer names, if it has one. */
  readonly messageId?: string | undefined;
  /** A query is answered by an `answer`, whatever becomes of it, and everything else by an `ack`. */
  readonly isQuery?: true | undefined;
}

/** A checked frame, or why it was refused; and how its sender is answered. */
export type CheckedFrame = Asking &
  (
    | { readonly ok: true; readonly frame: RoomFrame }
    | { readonly ok: false; readonly error: Refusal }
  );

/** Checks a decoded frame against the frames of one kind. */
export type FrameParser = (value: unknown) => CheckedFrame;
