import type { ClientFrame, RequestKey } from "../../protocol/client-frame.ts";
import type { Refusal } from "../../protocol/error.ts";
import type { NotificationContent, NotificationsRead } from "../../protocol/notification.ts";

/** A notification for an inbox. No client can say this: it comes from the backend or another room. */
export interface Notify extends RequestKey {
  readonly type: "notify";
  readonly payload: NotificationContent;
  /** `seq` of the message it is about, when another room sends it: its key then counts for good. */
  readonly source?: number;
}

/** What is said in an inbox beside what is said in every room. */
export type InboxFrame = Notify | Extract<ClientFrame, { readonly type: "read_notifications" }>;

/** What decisions in an inbox may look at. */
export interface InboxView {
  readonly name: string;
  /** `seq` of the newest event, those decided earlier in the same flush included. */
  readonly head: number;
  /** `seq` of what another room delivered under a key. */
  delivered(key: string): number | undefined;
  /** Why no notice of another room is taken now. */
  refusesArrival(now: number): Refusal | undefined;
}

/** What decisions in an inbox ask of it beside what every room does. */
export type InboxChange =
  | { readonly do: "mark-read"; readonly read: NotificationsRead }
  /** A notice from another room was taken, which the quota counts. */
  | { readonly do: "arrive" };
