import { useMemo } from "react";
import type { Room } from "../client/index.ts";
import type { AnyContract, RoomName } from "../contract/contract.ts";
import { type Anywhere, useAnywhere } from "./use-anywhere.ts";
import { useView } from "./use-view.ts";

/** What of a room this user has not read. */
export interface UsedUnread {
  /**
   * In a chat, how many of the messages that are known were written by others since; at most 200. In a
   * room of a team's own kind, how many events came since, but for this user's own of this visit.
   */
  readonly unread: number;
  /** This user has read up to this `seq`, or all that is known. */
  readonly read: (upTo?: number) => void;
}

/** A contract whose rooms are told how far people have read. */
type WithReceipts = AnyContract & { readonly receipts: true };

/** Enters a chat for how much of it is unread. */
export function useUnread(name: string): UsedUnread;
/** Enters a room of a team's own kind for how much of it is unread. */
export function useUnread<C extends WithReceipts>(
  contract: C,
  name: RoomName<NoInfer<C>>,
): UsedUnread;
export function useUnread(of: string | WithReceipts, name = ""): UsedUnread {
  const place = useAnywhere(of, name);
  const unread = useView(place, unreadOf, 0);
  return useMemo(() => {
    const read = (upTo?: number) => {
      const { handle } = place.held;
      const known = "room" in handle ? handle.room.messages.at(-1)?.seq : handle.seq;
      readIn(handle, upTo ?? known ?? 0);
    };
    return { unread, read };
  }, [place, unread]);
}

function readIn(here: Anywhere, upTo: number): void {
  if ("room" in here) here.room.read(upTo);
  // Its contract has receipts, or this hook takes none of it.
  else here.read(upTo as never);
}

function unreadOf(here: Anywhere): number {
  return "room" in here ? unreadMessages(here.room) : here.unread;
}

function unreadMessages({ messages, reads, userId = "" }: Room): number {
  const upTo = new Map(Object.entries(reads)).get(userId) ?? 0;
  return messages.filter((message) => message.seq > upTo && message.userId !== userId).length;
}
