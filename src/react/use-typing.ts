import { useMemo } from "react";
import type { User } from "../client/index.ts";
import { type ChatRoom, useChat } from "./chat-room.ts";
import { useView } from "./use-view.ts";

/** Who types in a chat. */
export interface UsedTyping {
  /** The others who do. */
  readonly typists: readonly User[];
  /** To be called on each keypress, and with `false` when this user has stopped. */
  readonly typing: (active?: boolean) => void;
}

const NOBODY: readonly User[] = [];

/** Enters a chat for who types in it. */
export function useTyping(name: string): UsedTyping {
  const place = useChat(name);
  const typists = useView(place, typistsOf, NOBODY);
  return useMemo(() => {
    const typing = (active?: boolean) => place.held.handle.room.typing(active);
    return { typists, typing };
  }, [place, typists]);
}

function typistsOf({ typists }: ChatRoom): readonly User[] {
  return typists;
}
