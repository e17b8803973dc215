import type { Permission } from "../protocol/grant.ts";
import type { Json } from "../protocol/json.ts";
import { SYSTEM_USER_ID } from "../protocol/user-id.ts";

/** Who a frame comes from: a connection, or a request over HTTP. */
export interface Actor {
  readonly userId: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** Absent over HTTP. */
  readonly connectionId?: string;
  /** The team's own backend, by its API key: neither banned nor counted. */
  readonly backend?: true;
  /** Whether the rule of the room's kind granted this, where there is one. */
  readonly authorized?: true;
  /** What that rule says of the person. */
  readonly member?: Json;
  /** What the Worker speaks that asks on its behalf (protocol/inner-version.ts). */
  readonly version?: number;
}

/** Who did something, as the log names them afterwards: the API key's bearer, or a user by id. */
export function auditName({ backend, userId }: Actor): string {
  return backend === true ? "backend" : userId;
}

/** Who acts when a room does something by itself, or brings something to another. */
export const SYSTEM: Actor = {
  userId: SYSTEM_USER_ID,
  name: SYSTEM_USER_ID,
  permissions: [],
  backend: true,
};
