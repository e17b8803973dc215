import { useLayoutEffect, useMemo } from "hono/jsx/dom";
import { RealtimeClient } from "../../client/index.ts";
import { type Identity, saveIdentity } from "../identity/identity.ts";
import { device } from "../identity/storage.ts";
import { tokenOf } from "../identity/token.ts";

/** A client of the server that this page is from, closed with the component. */
export function useClient(identity: Identity, lost: () => void): RealtimeClient {
  const client = useMemo(
    () =>
      new RealtimeClient({
        url: location.origin,
        token: tokenOf(identity, { renewed: (renewed) => saveIdentity(device, renewed), lost }),
        // A tab left open overnight is to be in touch in the morning.
        reconnectTries: Number.POSITIVE_INFINITY,
      }),
    [identity],
  );
  useLayoutEffect(() => () => void client.close(), [client]);
  return client;
}
