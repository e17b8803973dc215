import { useMemo } from "react";
import type { RealtimeClient } from "../client/index.ts";
import { type Handle, Held, type Sort } from "./held.ts";
import { useClient } from "./provider.ts";

/** What is held, by the client it is entered with and what it is entered as. */
const heldBy = new WeakMap<RealtimeClient, Map<string, Held<Handle>>>();

/** Where a component finds a room: opened when it is first looked at, which no server does. */
export interface Place<H extends Handle> {
  readonly held: Held<H>;
}

/**
 * The place of a room, the same as long as its key is.
 *
 * @param key names the sort, too: what is opened under one key is of one.
 * @param sortOf the same function as long as the key is.
 */
export function usePlace<H extends Handle>(
  key: string,
  sortOf: (client: RealtimeClient) => Sort<H>,
): Place<H> {
  const client = useClient();
  return useMemo(() => placeOf(client, key, sortOf(client)), [client, key, sortOf]);
}

function placeOf<H extends Handle>(client: RealtimeClient, key: string, sort: Sort<H>): Place<H> {
  return {
    get held() {
      const here = heldBy.get(client) ?? new Map<string, Held<Handle>>();
      heldBy.set(client, here);
      const known = here.get(key);
      // Under one key there is one sort of handle.
      if (known !== undefined && !known.isOver) return known as unknown as Held<H>;
      const opened: Held<H> = new Held(sort, () => {
        if (here.get(key) === (opened as unknown)) here.delete(key);
      });
      // Whoever finds it under this key takes it for what it is.
      here.set(key, opened as unknown as Held<Handle>);
      return opened;
    },
  };
}
