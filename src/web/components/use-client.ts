import { useLayoutEffect, useMemo, useState } from "hono/jsx/dom";
import { type ClientOptions, RealtimeClient } from "../../client/index.ts";
import type { Problem } from "../connection/connection.ts";
import type { Less } from "../identity/guest.ts";
import { type Identity, saveIdentity } from "../identity/identity.ts";
import { device } from "../identity/storage.ts";
import { tokenOf } from "../identity/token.ts";

/** A way to the server, for one identity. */
export interface Access {
  readonly client: RealtimeClient;
  /** A token that is good now, for what the client does not do. */
  readonly token: () => Promise<string>;
  /** Who one is now: a guest whose token is not renewed becomes a new one. */
  readonly identity: Identity;
  /** Why a guest cannot be let in again, while that is so. */
  readonly problem: Problem | undefined;
}

/**
 * A client of the server that this page is from, closed with the component.
 *
 * @param less what a guest comes in with, when that is not all that a guest may.
 * @param options of the client beside whose it is; what the first call has counts.
 */
export function useClient(
  identity: Identity,
  lost: () => void,
  less?: Less,
  options: Omit<ClientOptions, "url" | "token"> = {},
): Access {
  const [problem, setProblem] = useState<Problem>();
  const [current, setCurrent] = useState(identity);
  const access = useMemo(() => {
    const events = {
      renewed: (renewed: Identity) => {
        saveIdentity(device, renewed);
        setCurrent(renewed);
      },
      refused: setProblem,
      lost,
    };
    const token = tokenOf(identity, events, less);
    return {
      client: new RealtimeClient({
        url: location.origin,
        token,
        ...options,
      }),
      token: async () => (typeof token === "string" ? token : token()),
    };
  }, [identity]);
  useLayoutEffect(() => () => void access.client.close(), [access]);
  return { ...access, identity: current, problem };
}
