import type { TokenOption } from "../../client/index.ts";
import { requestGuest } from "./guest.ts";
import { type Identity, isValid } from "./identity.ts";

/** What happens to an identity while it is in use. */
export interface IdentityEvents {
  /** A guest whose token ended came back under the same name. */
  renewed(identity: Identity): void;
  /** There is no way back in without asking the person. */
  lost(): void;
}

/** The token that the SDK uses: a guest's is renewed by name, a pasted one is all there is. */
export function tokenOf(identity: Identity, events: IdentityEvents): TokenOption {
  if (!identity.guest) return identity.token;
  let current = identity;
  return async (refused) => {
    // By the server's clock it may have ended though by ours it has not.
    if (current.token !== refused && isValid(current, Date.now())) return current.token;
    const result = await requestGuest(current.name);
    if (result.kind === "guest") {
      current = result.identity;
      events.renewed(current);
      return current.token;
    }
    if (result.kind === "guests_off") events.lost();
    // The SDK asks again after a while.
    throw new Error("No guest token could be had.");
  };
}
