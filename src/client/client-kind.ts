import type { Publish } from "../protocol/frames/publish.ts";
import type { Ack, Greeting, JoinedRoom, ServerFrameOf } from "../protocol/server-frame.ts";
import type { LastFrame } from "./frame-reader.ts";
import type { ForwardedType, PendingFrame, Reset, StatusChange } from "./room-event.ts";

/** A frame that the application may hear of. */
export type ForwardedFrame = ServerFrameOf<ForwardedType>;

/** What a session tells, whatever the kind of its room. */
export interface AnyEvents {
  /** The connection came, went, or is being retried; nothing more comes after `closed`. */
  readonly status: readonly [change: StatusChange];
  /** The thread was lost. */
  readonly reset: readonly [reset: Reset];
  /** What waits for its acknowledgement: only chats send what does. */
  readonly pending: readonly [frames: readonly PendingFrame[]];
}

/**
 * One kind of room at the client: what it makes of what happens to the room, called in the order in
 * which it happens. What the server makes of it is its `RoomKind`.
 */
export interface ClientKind {
  /** Whether a gap in the log loses something, so that the application must hear of it. */
  readonly losesByGaps: boolean;
  /** What a greeting of this moment would say, by what every room knows of itself. */
  snapshot(joined: JoinedRoom): Greeting;
  /** A connection was greeted: takes note, before anything is sent again. */
  greeted(joined: JoinedRoom, reset: Reset | undefined): void;
  /**
   * A frame that was not seen before, `joined_room` too: takes note and tells the application. What
   * has changed of last values comes to rooms that have such alone.
   */
  heard(frame: ForwardedFrame | LastFrame): void;
  /** This user's own value went out. */
  published?(publish: Publish): void;
  /** The server acknowledged a frame, or refused one that is not stored. */
  answered?(messageId: string | undefined, ack: Ack): void;
  /** Nothing that was missed is still to come. */
  caughtUp?(): void;
  /** The connection is gone, perhaps to come back. */
  interrupted?(): void;
  /** The room is closed for good: leaves no timer behind. */
  closed?(): void;
}
