import type { Notification, NotificationPage } from "../protocol/notification.ts";
import type { NotificationQuery } from "./address.ts";
import { EnteredRoom } from "./entered-room.ts";
import type { InboxEvents } from "./inbox-event.ts";
import type { InboxKind } from "./inbox-kind.ts";
import { requireSeqs } from "./seq-check.ts";

/**
 * A user's notifications, live: each comes once and in order, also those that were sent while there
 * was no connection. Made by `client.inbox()`.
 */
export class Inbox extends EnteredRoom<InboxKind | undefined, InboxEvents> {
  /** How many notifications are unread, on all of the user's devices alike; 0 before the first join. */
  get unread(): number {
    return this.session.kind?.unread ?? 0;
  }

  /** The newest notifications, oldest first: those that came on joining, and since. */
  get notifications(): readonly Notification[] {
    return this.session.kind?.notifications ?? [];
  }

  /**
   * The user has read everything up to this `seq`, or the notifications with these. It is told as
   * soon as there is a connection, and {@link unread} changes once the server has it.
   *
   * @throws {RealtimeError} `invalid_request` when it is no `seq`.
   */
  read(what: number | readonly number[]): void {
    if (this.isLeft) return;
    requireSeqs(what);
    this.session.withKind((kind) => kind.read(what));
  }

  /**
   * A page of the inbox, over HTTP: the newest, or those before a `seq`.
   *
   * @throws {RealtimeError} the server's refusal, `unreachable`, or `timeout`.
   */
  async history(query?: NotificationQuery): Promise<NotificationPage> {
    return (await this.session.load()).history(query);
  }
}
