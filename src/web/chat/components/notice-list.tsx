import type { Notification } from "../../../client/index.ts";
import { Notice } from "./notice.tsx";

/** The notifications, newest first, to be followed and marked as read. */
export function NoticeList(props: {
  readonly id: string;
  /** Oldest first. */
  readonly notifications: readonly Notification[];
  readonly unread: number;
  /** Marks everything up to a `seq` as read, or those named. */
  readonly read: (what: number | readonly number[]) => void;
  readonly enter: (room: string, seq: number | undefined) => void;
}) {
  const { id, notifications, unread } = props;
  const newest = notifications.at(-1);
  const isAll = (notifications[0]?.seq ?? 1) === 1;
  return (
    <div class="popup notices" id={id} role="dialog" aria-labelledby={`${id}-title`} tabIndex={-1}>
      <div class="notices-head">
        <h2 id={`${id}-title`}>Notifications</h2>
        {newest !== undefined && (
          <button
            type="button"
            class="button plain"
            aria-disabled={String(unread === 0)}
            onClick={() => {
              if (unread > 0) props.read(newest.seq);
            }}
          >
            Mark all as read
          </button>
        )}
      </div>
      {newest === undefined ? (
        <p class="notices-empty">Nothing yet. Mentions and replies come here.</p>
      ) : (
        <ul>
          {[...notifications].reverse().map((notification) => (
            <li key={notification.seq}>
              <Notice
                notification={notification}
                opened={() => {
                  if (!notification.read) props.read([notification.seq]);
                }}
                enter={props.enter}
              />
            </li>
          ))}
        </ul>
      )}
      {!isAll && <p class="notices-empty">Older ones are not shown.</p>}
    </div>
  );
}
