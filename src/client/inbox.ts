import type { Notification, NotificationPage } from "../protocol/notification.ts";
import type { NotificationQuery } from "./address.ts";
import { EnteredRoom } from "./entered-room.ts";
import type { Environment } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import type { InboxEvents } from "./inbox-event.ts";
import type { InboxHistory, InboxKind } from "./inbox-kind.ts";
import type { SharedRoom } from "./shared-room.ts";

/**
 * A user's notifications, live: each comes once and in order, also those that were sent while there
 * was no connection. Made by `client.inbox()`.
 */
export class Inbox extends EnteredRoom<InboxKind | undefined, InboxEvents> {
  readonly #history: InboxHistory;

  /** For the client: applications call `client.inbox()`. */
  constructor(
    environment: Environment,
    shared: SharedRoom<InboxKind | undefined, InboxEvents>,
    history: InboxHistory,
  ) {
    super(environment, shared);
    this.#history = history;
  }

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
    const seqs = typeof what === "number" ? [what] : what;
    if (!seqs.every((seq) => Number.isSafeInteger(seq) && seq >= 0)) {
      throw RealtimeError.invalid("invalid_request", "A receipt is a whole number, from 0.");
    }
    this.session.withKind((kind) => {
      if (typeof what === "number") kind.reads.mark(what);
      else kind.ids.mark(what);
    });
  }

  /**
   * A page of the inbox, over HTTP: the newest, or those before a `seq`.
   *
   * @throws {RealtimeError} the server's refusal, `unreachable`, or `timeout`.
   */
  history(query: NotificationQuery = {}): Promise<NotificationPage> {
    return this.#history(query);
  }
}
