import type { Notification, NotificationPage } from "../protocol/notification.ts";
import { inboxName } from "../protocol/room-name.ts";
import type { NotificationQuery } from "./address.ts";
import type { Listener } from "./emitter.ts";
import { EnteredRoom } from "./entered-room.ts";
import { RealtimeError } from "./error.ts";
import type { InboxEvents } from "./inbox-event.ts";
import { InboxKind } from "./inbox-kind.ts";
import { fetchPage, isNotificationPage } from "./page.ts";
import { RoomSession, type SessionOptions } from "./room-session.ts";
import { subjectOf } from "./token-claims.ts";

/** As many as a page holds at most. */
const NEWEST = 200;

/**
 * A user's notifications, live: each comes once and in order, also those that were sent while there
 * was no connection. Made by `client.inbox()`.
 */
export class Inbox extends EnteredRoom {
  readonly #owner: string | undefined;
  readonly #options: Omit<SessionOptions, "name">;
  readonly #session: RoomSession<InboxKind>;

  /**
   * For the client: applications call `client.inbox()`. Starts connecting.
   *
   * @param owner whose it is; the token's own user when absent.
   */
  constructor(owner: string | undefined, options: Omit<SessionOptions, "name">) {
    const name = (token: string) => inboxName(ownerOf(owner, token));
    const newest = () => this.history({ limit: NEWEST });
    const session = new RoomSession(
      { ...options, name },
      (parts) => new InboxKind(options.environment, parts, newest),
    );
    super(session);
    this.#owner = owner;
    this.#options = options;
    this.#session = session;
  }

  /** How many notifications are unread, on all of the user's devices alike; 0 before the first join. */
  get unread(): number {
    return this.#session.kind.unread;
  }

  /** The newest notifications, oldest first: those that came on joining, and since. */
  get notifications(): readonly Notification[] {
    return this.#session.kind.notifications;
  }

  /** Listens to one type of event; the function returned stops it. See {@link InboxEvents}. */
  on<T extends keyof InboxEvents>(type: T, listener: Listener<InboxEvents[T]>): () => void {
    return this.#session.kind.events.on(type, listener);
  }

  /**
   * The user has read everything up to this `seq`, or the notifications with these. It is told as
   * soon as there is a connection, and {@link unread} changes once the server has it.
   *
   * @throws {RealtimeError} `invalid_request` when it is no `seq`.
   */
  read(what: number | readonly number[]): void {
    const seqs = typeof what === "number" ? [what] : what;
    if (!seqs.every((seq) => Number.isSafeInteger(seq) && seq >= 0)) {
      throw RealtimeError.invalid("invalid_request", "What was read is named by whole numbers.");
    }
    if (typeof what === "number") this.#session.kind.reads.mark(what);
    else this.#session.kind.ids.mark(what);
  }

  /**
   * A page of the inbox, over HTTP: the newest, or those before a `seq`.
   *
   * @throws {RealtimeError} the server's refusal, `unreachable`, or `timeout`.
   */
  history(query: NotificationQuery = {}): Promise<NotificationPage> {
    const { environment, tokens, address } = this.#options;
    const urlFor = (token: string) => address.notifications(ownerOf(this.#owner, token), query);
    return fetchPage(environment, tokens, urlFor, isNotificationPage);
  }
}

function ownerOf(owner: string | undefined, token: string): string {
  const found = owner ?? subjectOf(token);
  if (found !== undefined) return found;
  const message = "The token does not say whose inbox this is: give the user's id.";
  throw RealtimeError.invalid("invalid_request", message);
}
