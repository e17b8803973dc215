import { useId } from "hono/jsx/dom";
import type { Inbox } from "../../../client/index.ts";
import { Icon } from "../../components/icon.tsx";
import { usePopup } from "../../components/use-popup.ts";
import { unreadNoticesWords } from "../text/words.ts";
import { NoticeList } from "./notice-list.tsx";
import { useInbox } from "./use-inbox.ts";

/** More than this and the exact number is of no use, nor does it fit. */
const COUNTED = 99;

/** How many notifications are unread, and the list of them. */
export function Bell(props: {
  readonly inbox: Inbox;
  readonly enter: (room: string, seq?: number) => void;
}) {
  const { inbox } = props;
  const { unread, notifications } = useInbox(inbox);
  const popup = usePopup();
  const id = useId();
  const words = unreadNoticesWords(unread);
  return (
    <div class="bell" ref={popup.frame}>
      <button
        type="button"
        class="action"
        aria-label={unread === 0 ? "Notifications" : `Notifications, ${unread} unread`}
        title="Notifications"
        aria-haspopup="dialog"
        aria-expanded={String(popup.isOpen)}
        aria-controls={popup.isOpen ? id : undefined}
        onClick={popup.toggle}
      >
        <Icon name="bell" />
        {unread > 0 && (
          <span class="count" aria-hidden="true">
            {unread > COUNTED ? `${COUNTED}+` : unread}
          </span>
        )}
      </button>
      <span class="visually-hidden" aria-live="polite">
        {words}
      </span>
      {popup.isOpen && (
        <NoticeList
          id={id}
          notifications={notifications}
          unread={unread}
          read={(what) => inbox.read(what)}
          enter={(room, seq) => {
            popup.close();
            props.enter(room, seq);
          }}
        />
      )}
    </div>
  );
}
