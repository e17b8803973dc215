import type { ServerFrameType, ServerPayloads } from "./frames.ts";
import type { DeletedMessage, Message } from "./message.ts";

export type { Ack, Saved } from "./ack.ts";
export type { DurableType, ServerFrameType, ServerPayloads } from "./frames.ts";
export type { Greeting, JoinedInbox, JoinedRoom, JoinedTopic, LastValue } from "./greeting.ts";

/** A server frame of one type. */
export type ServerFrameOf<T extends ServerFrameType> = T extends ServerFrameType
  ? {
      readonly type: T;
      readonly timestamp: string;
      readonly messageId?: string;
      readonly seq?: number;
      /** The connection that published it. */
      readonly origin?: string;
    } & (ServerPayloads[T] extends undefined
      ? { readonly payload?: undefined }
      : { readonly payload: ServerPayloads[T] })
  : never;

/** Any frame the server sends, outside its batch. */
export type ServerFrame = ServerFrameOf<ServerFrameType>;

/** A page of history over HTTP (P7.4). */
export interface MessagePage {
  /** Oldest first. */
  readonly messages: readonly (Message | DeletedMessage)[];
  readonly epoch: string;
  readonly seq: number;
  readonly hasMore: boolean;
}
