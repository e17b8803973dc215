import type { Notification } from "../protocol/notification.ts";
import type { JoinedInbox, ServerFrameOf, ServerPayloads } from "../protocol/server-frame.ts";
import type { Reset, StatusChange } from "./room-event.ts";

/** Every event of an inbox with what its listeners are called with. */
export interface InboxEvents {
  readonly joined_room: readonly [joined: JoinedInbox, frame: ServerFrameOf<"joined_room">];
  /** A new one, or one that was missed: each comes once, and in order. */
  readonly notification: readonly [
    notification: Notification,
    frame: ServerFrameOf<"notification">,
  ];
  /** Some were read, here or on another of the user's devices. */
  readonly notifications_read: readonly [
    read: ServerPayloads["notifications_read"],
    frame: ServerFrameOf<"notifications_read">,
  ];
  /** How many are unread is another number now. */
  readonly unread: readonly [count: number];
  /** What is known of the inbox is a different list now. */
  readonly notifications: readonly [notifications: readonly Notification[]];
  /** The connection came, went, or is being retried. */
  readonly status: readonly [change: StatusChange];
  /** Comes before a `joined_room` whose history replaces what was shown so far. */
  readonly reset: readonly [reset: Reset];
  readonly error: readonly [error: ServerPayloads["error"], frame: ServerFrameOf<"error">];
}
