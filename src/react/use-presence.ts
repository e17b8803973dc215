import { useCallback } from "react";
import type { LiveRoom, PersonHere, PresentUser, RealtimeClient } from "../client/index.ts";
import type { AnyContract, RoomName } from "../contract/contract.ts";
import { type ChatRoom, chatKey, chatSort } from "./chat-room.ts";
import type { Sort } from "./held.ts";
import { usePlace } from "./place.ts";
import { liveKey, liveSort } from "./use-live.ts";
import { useView } from "./use-view.ts";

type Anywhere = ChatRoom | LiveRoom<AnyContract>;

type Someone = PresentUser | PersonHere<AnyContract>;

const NOBODY: readonly Someone[] = [];

/** Who is in a chat, with what each shows, as of the last that was heard. */
export function usePresence(name: string): readonly PresentUser[];
/** Who is in a room of a team's own kind, with what each shows. */
export function usePresence<C extends AnyContract>(
  contract: C,
  name: RoomName<NoInfer<C>>,
): readonly PersonHere<C>[];
export function usePresence(of: string | AnyContract, name = ""): readonly Someone[] {
  const enter = useCallback(
    (client: RealtimeClient) => {
      const sort =
        typeof of === "string"
          ? chatSort(client, of)
          : liveSort(client, of, name as RoomName<AnyContract>);
      // Each sort is handed the handles that it has opened.
      return sort as unknown as Sort<Anywhere>;
    },
    [of, name],
  );
  const key = typeof of === "string" ? chatKey(of) : liveKey(of, name);
  return useView(usePlace(key, enter), usersOf, NOBODY);
}

function usersOf(here: Anywhere): readonly Someone[] {
  return "room" in here ? here.room.users : here.users;
}
