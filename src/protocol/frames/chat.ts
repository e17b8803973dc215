import type { Json } from "../json.ts";
import type { Message, User } from "../message.ts";
import type { ClientFrameRows, ServerFrameRows } from "./row.ts";

/** Payload of `send_message`. */
export interface SendMessage {
  readonly content: string;
  readonly replyTo?: number | undefined;
  readonly mentions?: readonly string[] | undefined;
  readonly data?: Json | undefined;
}

/** What is sent in a chat room. */
export interface ChatClientPayloads {
  readonly send_message: SendMessage;
  readonly edit_message: { readonly seq: number; readonly content: string };
  readonly delete_message: { readonly seq: number };
  readonly react: {
    readonly seq: number;
    readonly emoji: string;
    readonly remove?: boolean | undefined;
  };
  readonly typing_start: undefined;
  readonly typing_end: undefined;
  readonly read_messages: { readonly upTo: number };
}

/** What is told in a chat room. */
export interface ChatServerPayloads {
  readonly new_message: Message;
  readonly message_edited: Message;
  /** `seq` of the message; the event's own is on the envelope. */
  readonly message_deleted: { readonly seq: number; readonly userId: string };
  readonly message_reacted: {
    readonly seq: number;
    readonly emoji: string;
    readonly userId: string;
    readonly remove?: true;
  };
  readonly user_typing: User & { readonly typing: boolean };
  readonly messages_read: { readonly userId: string; readonly upTo: number };
}

/** The frames that a chat room takes. */
export const CHAT_CLIENT_FRAMES = {
  send_message: {
    durable: true,
    needs: ["write"],
    asUser: true,
    http: { method: "POST", path: "/v1/rooms/:room/messages", status: 201 },
    tells: ["new_message", "user_typing"],
  },
  edit_message: {
    durable: true,
    needs: ["write"],
    http: { method: "PATCH", path: "/v1/rooms/:room/messages/:seq", status: 200 },
    tells: ["message_edited"],
  },
  delete_message: {
    durable: true,
    needs: ["write", "moderate"],
    http: { method: "DELETE", path: "/v1/rooms/:room/messages/:seq", status: 200 },
    tells: ["message_deleted"],
  },
  react: {
    durable: true,
    needs: ["write"],
    asUser: true,
    http: { method: "POST", path: "/v1/rooms/:room/messages/:seq/reactions", status: 200 },
    tells: ["message_reacted"],
  },
  typing_start: { needs: ["write"], tells: ["user_typing"] },
  // Whoever may no longer write may still stop.
  typing_end: { tells: ["user_typing"] },
  read_messages: {
    needs: ["read"],
    asUser: true,
    idempotent: true,
    http: { method: "POST", path: "/v1/rooms/:room/read", status: 204 },
    tells: ["messages_read"],
  },
} as const satisfies ClientFrameRows<ChatClientPayloads>;

/** The frames that a chat room sends. */
export const CHAT_SERVER_FRAMES = {
  new_message: { durable: true },
  message_edited: { durable: true },
  message_deleted: { durable: true },
  message_reacted: { durable: true },
  user_typing: {},
  messages_read: {},
} as const satisfies ServerFrameRows<ChatServerPayloads>;
