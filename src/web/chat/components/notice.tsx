import type { Notification } from "../../../client/index.ts";
import { fullMoment, shortMoment } from "../../people/moment.ts";
import { Name } from "../../people/name.tsx";
import { destinationOf, originOf } from "../notice.ts";
import { pathOfRoom } from "../room-path.ts";

/** One notification; opening it marks it as read. */
export function Notice(props: {
  readonly notification: Notification;
  readonly opened: () => void;
  readonly enter: (room: string, seq: number | undefined) => void;
}) {
  const { notification, opened } = props;
  const look = notification.read ? "notice" : "notice unread";
  const to = destinationOf(notification, location.origin);
  switch (to.kind) {
    case "room":
      return (
        <a
          class={look}
          href={pathOfRoom(to.room, to.seq)}
          onClick={(event: MouseEvent) => {
            opened();
            // A new tab stays the browser's business.
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            props.enter(to.room, to.seq);
          }}
        >
          <Words of={notification} />
        </a>
      );
    case "link":
      return (
        <a
          class={look}
          href={to.href}
          onClick={opened}
          {...(to.isElsewhere ? { target: "_blank", rel: "noopener noreferrer nofollow" } : {})}
        >
          <Words of={notification} />
        </a>
      );
    case "nowhere":
      return (
        <button type="button" class={look} onClick={opened}>
          <Words of={notification} />
        </button>
      );
  }
}

function Words({ of: notification }: { readonly of: Notification }) {
  const { read, title, body, timestamp } = notification;
  const origin = originOf(notification);
  return (
    <>
      {!read && <span class="visually-hidden">Unread. </span>}
      <span class="notice-title" dir="auto">
        {title}
      </span>
      {origin !== undefined && (
        <span class="notice-body">
          By <Name of={origin.who} /> in <bdi>{origin.room}</bdi>
        </span>
      )}
      {body !== undefined && (
        <span class="notice-body" dir="auto">
          {body}
        </span>
      )}
      <time dateTime={timestamp} title={fullMoment(timestamp)}>
        {shortMoment(timestamp, new Date())}
      </time>
    </>
  );
}
