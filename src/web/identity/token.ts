import type { TokenOption } from "../../client/index.ts";
import type { Problem } from "../connection/connection.ts";
import { type Less, requestGuest } from "./guest.ts";
import { type Identity, isValid } from "./identity.ts";

/** What happens to an identity while it is in use. */
export interface IdentityEvents {
  /**
   * A guest whose token ended has another: as the same person wherever the server allows that, else
   * as a new guest of the name, whose user id is another.
   */
  renewed(identity: Identity): void;
  /** A guest's token could not be had now, and is asked for again; `undefined` once one was had. */
  refused(problem: Problem | undefined): void;
  /** There is no way back in without asking the person. */
  lost(): void;
}

/**
 * The token that the SDK uses: a guest's is renewed by itself, a pasted one is all there is.
 *
 * @param less what a guest's token is to grant, when that is not all. It is made by the kept one, which
 *   stays what it is.
 */
export function tokenOf(identity: Identity, events: IdentityEvents, less?: Less): TokenOption {
  if (!identity.guest) return identity.token;
  let kept = identity;
  let current = less === undefined ? identity : undefined;
  let asking: Promise<string> | undefined;
  const renew = async () => {
    const result = await requestGuest(kept.name, kept.token, less);
    switch (result.kind) {
      case "guest":
        current = result.identity;
        events.refused(undefined);
        if (less === undefined) {
          kept = current;
          events.renewed(current);
        }
        return current.token;
      case "guests_off":
        events.lost();
        break;
      case "refused":
        events.refused(result.problem);
        break;
    }
    // The SDK asks again after a while.
    throw new Error("No guest token could be had.");
  };
  return async (refused) => {
    // By the server's clock it may have ended though by ours it has not.
    if (current !== undefined && current.token !== refused && isValid(current, Date.now())) {
      return current.token;
    }
    asking ??= renew().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}
