import type { SendOptions } from "../../../client/index.ts";
import type { Problem } from "../../connection/connection.ts";

/** A message of one's own that the room has not shown yet. */
export interface Outgoing {
  readonly messageId: string;
  readonly content: string;
  readonly replyTo?: number;
  readonly mentions?: readonly string[];
  /** When it was written, ISO 8601. */
  readonly timestamp: string;
  readonly delivery: Delivery;
}

/** How far an outgoing message has come. `sent` is stored, but its own frame is still to come. */
export type Delivery =
  | { readonly state: "waiting" }
  | { readonly state: "sent"; readonly savedId: number }
  | { readonly state: "failed"; readonly problem: Problem };

/** What the SDK is told beside the content. */
export function sendOptions(message: Outgoing): SendOptions {
  return {
    messageId: message.messageId,
    ...sentBefore(message.delivery),
    ...(message.replyTo === undefined ? {} : { replyTo: message.replyTo }),
    ...(message.mentions === undefined ? {} : { mentions: message.mentions }),
  };
}

/** Where the room looks for it first, if an earlier attempt may have been stored. */
function sentBefore(delivery: Delivery): Pick<SendOptions, "sentAt"> {
  const sentAt = delivery.state === "failed" ? delivery.problem.sentAt : undefined;
  return sentAt === undefined ? {} : { sentAt };
}

/** How many of them still wait to be sent. */
export function waitingCount(outgoing: readonly Outgoing[]): number {
  return outgoing.filter(({ delivery }) => delivery.state === "waiting").length;
}

/** The list with one message's delivery changed. */
export function withDelivery(
  outgoing: readonly Outgoing[],
  messageId: string,
  delivery: Delivery,
): readonly Outgoing[] {
  return outgoing.map((message) =>
    message.messageId === messageId ? { ...message, delivery } : message,
  );
}

/** The list without one message. */
export function without(outgoing: readonly Outgoing[], messageId: string): readonly Outgoing[] {
  return outgoing.some((message) => message.messageId === messageId)
    ? outgoing.filter((message) => message.messageId !== messageId)
    : outgoing;
}
