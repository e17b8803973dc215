import type { Message } from "../../../src/protocol/message.ts";
import type { Notification } from "../../../src/protocol/notification.ts";

/** A frame of the server as the process tests look at it. */
export interface Frame {
  readonly type: string;
  readonly seq?: number;
  readonly messageId?: string;
  readonly payload: Partial<Message> &
    Partial<Pick<Notification, "id">> & {
      readonly epoch?: string;
      readonly recovered?: boolean;
      readonly emoji?: string;
      readonly remove?: boolean;
      readonly success?: boolean;
      readonly savedId?: number;
      readonly duplicate?: boolean;
      readonly code?: string;
      readonly error?: { readonly code: string; readonly retryable: boolean };
    };
}

/** The frames of one WebSocket message of JSON: of a batch, each. */
export function framesIn(data: { toString(): string }): readonly Frame[] {
  return unpacked(JSON.parse(data.toString()));
}

/** The same for what is decoded already. A frame without a payload gets an empty one. */
export function unpacked(decoded: unknown): readonly Frame[] {
  const frame = decoded as Frame & { readonly payload: readonly Frame[] };
  const frames = frame.type === "batch" ? frame.payload : [frame];
  return frames.map((one) => ({ ...one, payload: one.payload ?? {} }));
}
