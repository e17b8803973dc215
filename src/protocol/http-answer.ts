import type { User } from "./message.ts";

/** What `GET /healthz` answers. */
export interface Health {
  readonly status: "ok";
  readonly version: string;
}

/** A token and when it ends, ISO 8601. */
export interface MintedToken {
  readonly token: string;
  readonly expiresAt: string;
}

/** A guest's token, and who the guest is. */
export interface GuestToken extends MintedToken {
  readonly userId: string;
  readonly name: string;
}

/** Who is in a room now. */
export interface People {
  readonly users: readonly User[];
}

/** To how many connections something went. */
export interface Delivered {
  readonly delivered: number;
}

/** What a kick did. */
export interface Kicked {
  readonly disconnected: number;
  /** ISO 8601; absent without a ban. */
  readonly bannedUntil?: string;
}
