import type { DurableFrame } from "../protocol/client-frame.ts";
import type { Json } from "../protocol/json.ts";
import type { Message } from "../protocol/message.ts";
import type { ServerFrameOf, ServerFrameType, ServerPayloads } from "../protocol/server-frame.ts";
import type { RealtimeErrorCode } from "./error.ts";
import type { DataOf, EventsOf, Published, RoomTypes } from "./jsonable.ts";
import type { OwnType } from "./own-type.ts";
import type { TransportName } from "./transport.ts";

/** How a room is doing. `closed` is for good: ask the client for the room again to start anew. */
export type RoomStatus = "connecting" | "open" | "reconnecting" | "closed";

/** Why a connection is not there. */
export interface StatusReason {
  readonly code: RealtimeErrorCode;
  /** For a developer. */
  readonly message: string;
  /** What was thrown, if something was: by the application's token function, say. */
  readonly cause?: unknown;
}

/** What `status` says. */
export interface StatusChange {
  readonly status: RoomStatus;
  /** What carries the connection, while `open`. */
  readonly transport?: TransportName;
  /** Which try to reconnect this is, from 1, while `reconnecting`. */
  readonly attempt?: number;
  /** Milliseconds until that try; absent once it is under way. */
  readonly retryInMs?: number;
  /** The last failure: what ended the connection, or the last try; absent after an ordinary leave. */
  readonly reason?: StatusReason;
}

/** A durable frame that is not acknowledged yet. */
export interface PendingFrame {
  readonly messageId: string;
  readonly type: DurableFrame["type"];
  /** The `seq` at its first transmission, once there was one: for `send()`, should it be sent again after a reload. */
  readonly sentAt?: number | undefined;
  /** Of the message that is edited, deleted or reacted to. */
  readonly seq?: number | undefined;
  readonly content?: string | undefined;
  readonly replyTo?: number | undefined;
  readonly mentions?: readonly string[] | undefined;
  readonly data?: Json | undefined;
  readonly emoji?: string | undefined;
  readonly remove?: boolean | undefined;
}

/**
 * Why the thread was lost: the log itself began anew and every old `seq` is void (`epoch`), or more
 * was missed than the server replays (`gap`).
 */
export interface Reset {
  readonly reason: "epoch" | "gap";
}

/** The frames that listeners get as they came; acknowledgements and pongs are the SDK's own. */
export type ForwardedType = Exclude<ServerFrameType, "ack" | "pong" | "mark" | OwnType>;

/** A message whose `data` has a type. */
export type TypedMessage<Data> = Omit<Message, "data"> & { readonly data?: Data };

/** What a listener of one type of frame gets, in a room with types. */
type PayloadOf<Type extends ForwardedType, T> = Type extends "new_message" | "message_edited"
  ? TypedMessage<DataOf<T>>
  : Type extends "event"
    ? Published<EventsOf<T>>
    : ServerPayloads[Type];

/** Every event of a room with what its listeners are called with. */
export type RoomEvents<T extends RoomTypes = object> = {
  readonly [Type in ForwardedType]: readonly [
    payload: PayloadOf<Type, T>,
    frame: ServerFrameOf<Type>,
  ];
} & {
  /** The connection came, went, or is being retried. */
  readonly status: readonly [change: StatusChange];
  /** What waits for its acknowledgement is a different list now. */
  readonly pending: readonly [frames: readonly PendingFrame[]];
  /** Comes before a `joined_room` whose history replaces what was shown so far. */
  readonly reset: readonly [reset: Reset];
};
