import type { DurableObject } from "cloudflare:workers";
import type { Hono } from "hono";
import type { AnyContract, RoomName } from "../contract/contract.ts";
import type {} from "../contract/environment.ts";
import type { Caller } from "../contract/rules.ts";

/** A class of Durable Objects, for the Worker to export by the name that wrangler.toml has. */
export type ObjectClass = new (
  ctx: DurableObjectState,
  env: Cloudflare.Env,
) => DurableObject<Cloudflare.Env>;

/** A deployment: what a Worker exports, and by what its other code reaches rooms. */
export interface Realtime {
  /** `export const { RoomObject, MetricsObject, DocumentObject, SocketioObject } = realtime.objects`. */
  readonly objects: {
    readonly RoomObject: ObjectClass;
    readonly MetricsObject: ObjectClass;
    readonly DocumentObject: ObjectClass;
    readonly SocketioObject: ObjectClass;
  };
  /**
   * All of HTTP: the whole Worker by {@link fetch}, or mounted in a Hono app of a team's own:
   * `app.route("/realtime", realtime.app)`.
   */
  readonly app: Hono<{ Bindings: Cloudflare.Env }>;
  /** `export default realtime`. */
  readonly fetch: (
    request: Request,
    env: Cloudflare.Env,
    ctx: ExecutionContext,
  ) => Response | Promise<Response>;
  /**
   * A room of an own kind, for any code of the Worker. It may send what clients cannot.
   *
   * @throws {TypeError} for a contract of which this deployment has no kind, or another kind's room.
   */
  room<C extends AnyContract>(
    env: Cloudflare.Env,
    contract: C,
    name: RoomName<NoInfer<C>>,
  ): Caller<C>;
}
