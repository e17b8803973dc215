import { useCallback, useMemo } from "react";
import type {
  Inbox,
  Notification,
  RealtimeClient,
  RealtimeError,
  RoomStatus,
} from "../client/index.ts";
import { closedError } from "./closed-error.ts";
import type { Sort } from "./held.ts";
import { usePlace } from "./place.ts";
import { useView } from "./use-view.ts";

/** A user's notifications. */
interface View {
  /** The newest, oldest first. */
  readonly notifications: readonly Notification[];
  /** How many are unread, on all of the user's devices alike. */
  readonly unread: number;
  readonly status: RoomStatus;
  /** Why the inbox is closed for good. */
  readonly error: RealtimeError | undefined;
}

const BEFORE: View = { notifications: [], unread: 0, status: "connecting", error: undefined };

/** Opens an inbox: the token's own user's, when none is named. */
export function useInbox(userId?: string): View & Pick<Inbox, "read" | "history"> {
  const open = useCallback((client: RealtimeClient) => sortOf(client, userId), [userId]);
  const place = usePlace(`inbox ${userId ?? ""}`, open);
  const view = useView(place, viewOf, BEFORE);
  const acts = useMemo(() => {
    const inbox = () => place.held.handle;
    const all: Pick<Inbox, "read" | "history"> = {
      read: (what) => inbox().read(what),
      history: (query) => inbox().history(query),
    };
    return all;
  }, [place]);
  return useMemo(() => ({ ...acts, ...view }), [acts, view]);
}

function viewOf(inbox: Inbox): View {
  const { notifications, unread, status } = inbox;
  return { notifications, unread, status, error: closedError(inbox) };
}

function sortOf(client: RealtimeClient, userId: string | undefined): Sort<Inbox> {
  return {
    open: () => client.inbox(userId),
    watch: (inbox, changed) => {
      for (const type of ["notifications", "unread", "status"] as const) inbox.on(type, changed);
    },
    isReady: ({ joined }) => joined !== undefined,
    isBusy: () => false,
  };
}
