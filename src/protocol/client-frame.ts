import type { Json } from "./json.ts";
import type { NotificationsRead } from "./notification.ts";

/** Payload of `send_message`. */
export interface SendMessage {
  readonly content: string;
  readonly replyTo?: number | undefined;
  readonly mentions?: readonly string[] | undefined;
  readonly data?: Json | undefined;
}
/** Payload of `edit_message`. */
export interface EditMessage {
  readonly seq: number;
  readonly content: string;
}
/** Payload of `delete_message`. */
export interface DeleteMessage {
  readonly seq: number;
}
/** Payload of `react`. */
export interface React {
  readonly seq: number;
  readonly emoji: string;
  readonly remove?: boolean | undefined;
}
/** Payload of `read_messages`. */
export interface ReadMessages {
  readonly upTo: number;
}
/** Payload of `publish`. */
export interface Publish {
  readonly event: string;
  readonly data: Json;
  /** Of several values of one event in one flush, only the newest need arrive. */
  readonly conflate?: boolean | undefined;
}

/** What names a request that is stored, so that the same one sent again stores nothing new. */
export interface RequestKey {
  readonly messageId: string;
  /**
   * The log's head as its sender knew it when it first sent this. With it a repeat is found however
   * late it comes (CONTRACT §5, promise 2); without it, for five minutes.
   */
  readonly sentAt?: number | undefined;
}

/** Everything a client may say (CONTRACT §5, §7), after it was checked. */
export type ClientFrame =
  | ({ readonly type: "send_message"; readonly payload: SendMessage } & RequestKey)
  | ({ readonly type: "edit_message"; readonly payload: EditMessage } & RequestKey)
  | ({ readonly type: "delete_message"; readonly payload: DeleteMessage } & RequestKey)
  | ({ readonly type: "react"; readonly payload: React } & RequestKey)
  | { readonly type: "typing_start" }
  | { readonly type: "typing_end" }
  | { readonly type: "read_messages"; readonly payload: ReadMessages }
  | { readonly type: "publish"; readonly payload: Publish }
  | { readonly type: "read_notifications"; readonly payload: NotificationsRead }
  | { readonly type: "refresh_token"; readonly payload: { readonly token: string } }
  | { readonly type: "leave_room" }
  | { readonly type: "ping" };

/** The `type` of a client frame. */
export type ClientFrameType = ClientFrame["type"];

/** The frames that are stored: they carry a messageId and are answered with an `ack`. */
export type DurableFrame = Extract<ClientFrame, { readonly messageId: string }>;

/** The heartbeat, byte for byte: the platform answers it without waking the room (CONTRACT §4). */
export const PING = '{"type":"ping"}';
/** Its answer, byte for byte. */
export const PONG = '{"type":"pong"}';
