import { ProtocolError } from "../../protocol/error.ts";
import { callObject } from "../call-object.ts";
import type { Env } from "../env.ts";
import type { HubApi, HubNamespace } from "../hub-api.ts";

const NO_HUB =
  'No Durable Object is bound as SOCKETIO, which servers of Socket.IO of your own need, and clients that do not begin with a WebSocket. In wrangler.toml: [[durable_objects.bindings]] name = "SOCKETIO", class_name = "SocketioObject", and a [[migrations]] with new_sqlite_classes = ["SocketioObject"]. `npx hibiki doctor` names the lines.';

/** A hub as the Worker sees it: RPC, and `fetch` for clients that poll. */
export type HubStub = HubApi & Pick<Fetcher, "fetch">;

const SID = /^(\d{1,4})\.[\w-]{20,64}$/;

/** The number of the hub that a connection is in, by its id; `undefined` for what is no id of ours. */
export function hubOf(sid: string): number | undefined {
  const hub = SID.exec(sid)?.[1];
  return hub === undefined ? undefined : Number(hub);
}

/** The number of a hub, by which its connections begin. */
export function hubNumber({ name = "" }: Pick<DurableObjectId, "name">): string {
  return name.split(":").at(-1) ?? "";
}

/** @throws {ProtocolError} `not_configured` where the deployment has no hubs. */
export function requireHubs({ SOCKETIO: hubs }: Pick<Env, "SOCKETIO">): HubNamespace {
  if (hubs === undefined) throw new ProtocolError("not_configured", NO_HUB);
  return hubs;
}

/**
 * Calls a hub; see {@link callObject}.
 *
 * @throws {ProtocolError} `not_configured` where the deployment has none.
 */
export function callHub<T>(env: Env, hub: number, call: (stub: HubStub) => Promise<T>): Promise<T> {
  const hubs = requireHubs(env);
  return callObject("The hub", (): HubStub => hubs.getByName(`sio:${hub}`), call);
}
