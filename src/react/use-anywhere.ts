import { useCallback } from "react";
import type { LiveRoom, RealtimeClient } from "../client/index.ts";
import type { AnyContract, RoomName } from "../contract/contract.ts";
import { type ChatRoom, chatKey, chatSort } from "./chat-room.ts";
import type { Sort } from "./held.ts";
import { type Place, usePlace } from "./place.ts";
import { liveKey, liveSort } from "./use-live.ts";

/** A chat, or a room of a team's own kind. */
export type Anywhere = ChatRoom | LiveRoom<AnyContract>;

/** The place of a chat by its name, or of a room by its contract and its name. */
export function useAnywhere(of: string | AnyContract, name: string): Place<Anywhere> {
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
  return usePlace(typeof of === "string" ? chatKey(of) : liveKey(of, name), enter);
}
