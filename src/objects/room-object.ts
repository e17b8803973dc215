import type { Admission } from "../protocol/admission.ts";
import { PING, PONG } from "../protocol/client-frame.ts";
import { refuseVersion } from "../protocol/inner-version.ts";
import { KEPT_SESSION, type KeptSession } from "../protocol/kept-session.ts";
import { ClosedDesk } from "./closed-desk.ts";
import { HostObject } from "./host/host-object.ts";
import type { HostParts } from "./host/socket-host.ts";
import type { RoomApi } from "./room-api.ts";
import { defineCalls } from "./room-calls.ts";
import { RoomLives } from "./room-lives.ts";
import type { RoomDeployment, RoomEnv } from "./room-parts.ts";

/** A host that has the calls of a room's desk, which {@link defineCalls} gives it. */
const RoomBase = HostObject as unknown as abstract new (
  ctx: DurableObjectState,
  env: RoomEnv,
  parts: HostParts<KeptSession>,
) => HostObject<RoomEnv, Admission, KeptSession> & RoomApi;

/** One room as a Durable Object: a host of its sockets, whose guest is the room. */
export class RoomObject extends RoomBase {
  static {
    defineCalls(RoomObject.prototype, (room, version, call) => room.#answer(version, call));
  }

  readonly #lives: RoomLives;

  /** @param deployment what all of its rooms have in common. */
  constructor(ctx: DurableObjectState, env: RoomEnv, deployment: RoomDeployment) {
    super(ctx, env, { format: KEPT_SESSION, heartbeat: { ping: PING, pong: PONG } });
    this.#lives = new RoomLives({ ctx, env, ...deployment, host: this.host });
    this.host.open(() => this.#lives.parts.guest);
  }

  #answer(
    version: number | undefined,
    call: (desk: RoomApi) => Promise<unknown>,
  ): Promise<unknown> {
    const tooFar = refuseVersion(version);
    if (tooFar !== undefined) return call(new ClosedDesk(tooFar));
    return this.host.turns.longTurn(() => call(this.#lives.parts.desk));
  }
}
