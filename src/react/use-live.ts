import { useCallback } from "react";
import type { LiveRoom, RealtimeClient } from "../client/index.ts";
import type { AnyContract, RoomName } from "../contract/contract.ts";
import type { Sort } from "./held.ts";
import { type Place, usePlace } from "./place.ts";

/** The place of a room of a team's own kind: all hooks of one room share one handle. */
export function useLive<C extends AnyContract>(
  contract: C,
  name: RoomName<NoInfer<C>>,
): Place<LiveRoom<C>> {
  const enter = useCallback(
    (client: RealtimeClient) => liveSort(client, contract, name),
    [contract, name],
  );
  return usePlace(liveKey(contract, name), enter);
}

/** What a room is held as. */
export function liveKey({ hash }: AnyContract, name: string): string {
  return `own ${hash} ${name}`;
}

/** How it is opened and watched. */
export function liveSort<C extends AnyContract>(
  client: RealtimeClient,
  contract: C,
  name: RoomName<NoInfer<C>>,
): Sort<LiveRoom<C>> {
  return {
    open: () => client.room(contract, name),
    watch: (room, changed) => void room.subscribe(changed),
    isReady: ({ you }) => you !== undefined,
    isBusy: ({ pending }) => pending > 0,
  };
}
