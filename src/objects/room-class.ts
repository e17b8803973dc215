import type { Kind } from "../contract/kind.ts";
import { KindTable } from "../kinds/kind-table.ts";
import type { Authorizers } from "../protocol/authority.ts";
import type { AfterRules } from "./delivery/after-carrier.ts";
import type { Webhook } from "./delivery/webhook.ts";
import { RoomObject } from "./room-object.ts";
import type { RoomEnv } from "./room-parts.ts";

/** What a deployment's rooms do beside what their kinds say. */
export interface RoomHooks {
  readonly webhooks?: readonly Webhook[] | undefined;
  readonly after?: AfterRules | undefined;
  /** Rules on who may be in a room, of kinds that have one. */
  readonly authorizers?: Authorizers;
}

const NO_RULES: Authorizers = { any: false, of: () => undefined };

/** An object class of rooms, as the platform makes objects of it. */
export type RoomClass = new (ctx: DurableObjectState, env: RoomEnv) => RoomObject;

/**
 * The object class of a deployment's rooms, for the Worker to export.
 *
 * @throws {Error} when two kinds claim the same names.
 */
export function roomClass(
  kinds: readonly Kind[],
  { webhooks = [], after, authorizers = NO_RULES }: RoomHooks = {},
): RoomClass {
  const table = new KindTable(kinds);
  return class extends RoomObject {
    constructor(ctx: DurableObjectState, env: RoomEnv) {
      super(ctx, env, { kinds: table, webhooks, after, authorizers });
    }
  };
}
