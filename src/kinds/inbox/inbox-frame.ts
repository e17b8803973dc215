import type { RequestKey } from "../../protocol/client-frame.ts";
import type { NotificationContent } from "../../protocol/notification.ts";

/** A notification for an inbox. No client can say this: it comes from the backend or another room. */
export interface Notify extends RequestKey {
  readonly type: "notify";
  readonly payload: NotificationContent;
  /** `seq` of the message it is about, when another room sends it: its key then counts for good. */
  readonly source?: number;
}
