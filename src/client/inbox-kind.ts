import type { ClientFrame } from "../protocol/client-frame.ts";
import { inboxOwner } from "../protocol/inbox-owner.ts";
import type { NotificationPage } from "../protocol/notification.ts";
import type { JoinedInbox, JoinedRoom } from "../protocol/server-frame.ts";
import type { Address, NotificationQuery } from "./address.ts";
import type { Audience } from "./audience.ts";
import type { ClientKind, ForwardedFrame } from "./client-kind.ts";
import type { Environment } from "./environment.ts";
import { IdMarker } from "./id-marker.ts";
import type { InboxEvents } from "./inbox-event.ts";
import { type Notifications, withNotification, withRead } from "./notification-list.ts";
import { loadPages } from "./page-loader.ts";
import { ReadMarker } from "./read-marker.ts";
import type { Reset } from "./room-event.ts";
import type { TokenSource } from "./token-source.ts";

type ReadFrame = Extract<ClientFrame, { readonly type: "read_notifications" }>;

/** The parts of an inbox's session that its kind speaks to; the kind's code comes after it. */
export interface InboxSession {
  readonly audience: Audience<InboxEvents>;
  readonly uplink: { say(frame: ReadFrame): boolean };
  readonly options: {
    readonly environment: Environment;
    readonly tokens: TokenSource;
    readonly address: Address;
    /** Its room's name, by a token. */
    readonly name: (token: string) => string;
  };
}

/** As many as a page holds at most. */
const NEWEST = 200;

/** What only an inbox does: it keeps the newest notifications, and counts the unread ones. */
export class InboxKind implements ClientKind {
  readonly losesByGaps = true;
  readonly reads: ReadMarker;
  readonly ids: IdMarker;
  readonly #audience: Audience<InboxEvents>;
  readonly #options: InboxSession["options"];
  #notifications: Notifications = [];
  #unread = 0;
  /** The count that came with the greeting has everything up to here. */
  #countedUpTo = 0;
  #mayBeStale = false;
  #epoch: string | undefined;

  constructor(session: InboxSession) {
    const { uplink, options } = session;
    const { environment } = options;
    this.#audience = session.audience;
    this.reads = new ReadMarker(environment, (upTo) =>
      uplink.say({ type: "read_notifications", payload: { upTo } }),
    );
    this.ids = new IdMarker((ids) => uplink.say({ type: "read_notifications", payload: { ids } }));
    this.#options = options;
  }

  get notifications(): Notifications {
    return this.#notifications;
  }

  get unread(): number {
    return this.#unread;
  }

  /** The user has read everything up to this `seq`, or the notifications with these. */
  read(what: number | readonly number[]): void {
    if (typeof what === "number") this.reads.mark(what);
    else this.ids.mark(what);
  }

  /** A page of it, over HTTP. */
  async history(query: NotificationQuery = {}): Promise<NotificationPage> {
    const { fetchNotifications } = await loadPages();
    const ownerOf = (token: string) => inboxOwner(this.#options.name(token));
    return fetchNotifications(this.#options, ownerOf, query);
  }

  snapshot(joined: JoinedRoom): JoinedInbox {
    return { ...joined, history: this.#notifications, unread: this.#unread };
  }

  greeted(joined: JoinedRoom, reset: Reset | undefined): void {
    const { history, unread, seq, epoch, recovered } = asInbox(joined);
    this.#epoch = epoch;
    if (reset?.reason === "epoch") {
      this.reads.reset();
      this.ids.reset();
    }
    if (!recovered) this.#notifications = history;
    this.#mayBeStale = recovered;
    this.#unread = unread;
    this.#countedUpTo = seq;
    this.reads.open();
    this.ids.open();
  }

  heard(frame: ForwardedFrame): void {
    switch (frame.type) {
      case "joined_room":
        this.#audience.emit("joined_room", asInbox(frame.payload), frame);
        this.#audience.emit("notifications", this.#notifications);
        this.#audience.emit("unread", this.#unread);
        break;
      case "notification": {
        const { payload } = frame;
        this.#notifications = withNotification(this.#notifications, payload);
        if (payload.seq > this.#countedUpTo) this.#unread += 1;
        this.#audience.emit("notification", payload, frame);
        this.#audience.emit("notifications", this.#notifications);
        if (payload.seq > this.#countedUpTo) this.#audience.emit("unread", this.#unread);
        break;
      }
      case "notifications_read": {
        const { payload } = frame;
        if ("upTo" in payload) this.reads.confirm(payload.upTo);
        this.ids.confirm((id) =>
          "upTo" in payload ? id <= payload.upTo : payload.ids.includes(id),
        );
        this.ids.flush();
        this.#unread = payload.unread;
        this.#audience.emit("notifications_read", payload, frame);
        this.#show(withRead(this.#notifications, payload));
        this.#audience.emit("unread", this.#unread);
        break;
      }
      case "error":
        this.#audience.emit("error", frame.payload, frame);
        break;
    }
  }

  /** What was read elsewhere meanwhile is not replayed: only the notifications themselves are. */
  caughtUp(): void {
    if (!this.#mayBeStale || this.#notifications.every(({ read }) => read)) return;
    this.#mayBeStale = false;
    this.history({ limit: NEWEST }).then(
      ({ notifications, epoch }) => {
        // The inbox began anew meanwhile, and its numbers are others.
        if (epoch !== this.#epoch) return;
        const ids = notifications.filter(({ read }) => read).map(({ seq }) => seq);
        this.#show(withRead(this.#notifications, { ids }));
      },
      // The count is right all the same, and the next resume tries again.
      () => {},
    );
  }

  interrupted(): void {
    this.reads.suspend();
  }

  #show(notifications: Notifications): void {
    if (notifications === this.#notifications) return;
    this.#notifications = notifications;
    this.#audience.emit("notifications", notifications);
  }
}

/** The shape of a greeting was checked by its room's kind, when it came in. */
function asInbox(joined: JoinedRoom): JoinedInbox {
  return joined as unknown as JoinedInbox;
}
