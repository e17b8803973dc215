import { useState } from "hono/jsx/dom";
import {
  forgetIdentity,
  type Identity,
  isValid,
  loadIdentity,
  saveIdentity,
} from "../identity/identity.ts";
import { device } from "../identity/storage.ts";

/** Who one is on this device, and how that changes. */
export interface Signing {
  /** `undefined` until one has signed in; a guest's ended token can be had anew. */
  readonly identity: Identity | undefined;
  /** The name used last. */
  readonly lastName: string;
  signIn(identity: Identity): void;
  signOut(): void;
}

/** The identity kept on this device, while it can be used. */
export function useIdentity(): Signing {
  const [identity, setIdentity] = useState(() => loadIdentity(device));
  const isUsable = identity !== undefined && (identity.guest || isValid(identity, Date.now()));
  return {
    identity: isUsable ? identity : undefined,
    lastName: identity?.name ?? "",
    signIn: (someone) => {
      saveIdentity(device, someone);
      setIdentity(someone);
    },
    signOut: () => {
      forgetIdentity(device);
      setIdentity(undefined);
    },
  };
}
