import type { ClientFrameType, ClientPayloads, DurableClientType } from "./frames.ts";

/** What names a request that is stored, so that the same one sent again stores nothing new. */
export interface RequestKey {
  readonly messageId: string;
  /**
   * The log's head as its sender knew it when it first sent this. With it a repeat is found however
   * late it comes (P5.3); without it, for five minutes.
   */
  readonly sentAt?: number | undefined;
}

/** A client's frame of one type, after it was checked. */
export type ClientFrameOf<Type extends ClientFrameType> = Type extends ClientFrameType
  ? { readonly type: Type } & (ClientPayloads[Type] extends undefined
      ? unknown
      : { readonly payload: ClientPayloads[Type] }) &
      (Type extends DurableClientType ? RequestKey : unknown)
  : never;

/** Everything a client may say (P1.6), after it was checked. */
export type ClientFrame = ClientFrameOf<ClientFrameType>;

/** The frames that are stored: they carry a messageId and are answered with an `ack`. */
export type DurableFrame = ClientFrameOf<DurableClientType>;

/**
 * How a mark begins as JSON text (P3.11): a room sends it alone and says its type first, so that
 * whoever passes frames on unparsed finds it.
 */
export const MARK_BEGINNING = '{"type":"mark"';

/** The heartbeat, byte for byte: the platform answers it without waking the room (P3.7). */
export const PING = '{"type":"ping"}';
/** Its answer, byte for byte. */
export const PONG = '{"type":"pong"}';
