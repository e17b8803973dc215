import { useMemo } from "react";
import { type ChatRoom, useChat } from "./chat-room.ts";
import { useView } from "./use-view.ts";

/** What of a chat this user has not read. */
export interface UsedUnread {
  /** How many of the messages that are known were written by others since; at most 200. */
  readonly unread: number;
  /** This user has read up to this `seq`, or all that is known. */
  readonly read: (upTo?: number) => void;
}

/** Enters a chat for how much of it is unread. */
export function useUnread(name: string): UsedUnread {
  const place = useChat(name);
  const unread = useView(place, unreadOf, 0);
  return useMemo(() => {
    const read = (upTo?: number) => {
      const { room } = place.held.handle;
      room.read(upTo ?? room.messages.at(-1)?.seq ?? 0);
    };
    return { unread, read };
  }, [place, unread]);
}

function unreadOf({ room: { messages, reads, userId = "" } }: ChatRoom): number {
  const upTo = new Map(Object.entries(reads)).get(userId) ?? 0;
  return messages.filter((message) => message.seq > upTo && message.userId !== userId).length;
}
