import { DurableObject } from "cloudflare:workers";
import type { Admission } from "../protocol/admission.ts";
import { PING, PONG } from "../protocol/client-frame.ts";
import { refuseVersion } from "../protocol/inner-version.ts";
import { KEPT_SESSION, type KeptSession } from "../protocol/kept-session.ts";
import { ClosedDesk } from "./closed-desk.ts";
import { SocketHost } from "./host/socket-host.ts";
import type { RoomApi } from "./room-api.ts";
import { defineCalls } from "./room-calls.ts";
import { RoomLives } from "./room-lives.ts";
import type { RoomDeployment, RoomEnv } from "./room-parts.ts";

/** An object that has the calls of a room's desk, which {@link defineCalls} gives it. */
const RoomBase = DurableObject as unknown as abstract new (
  ctx: DurableObjectState,
  env: RoomEnv,
) => DurableObject<RoomEnv> & RoomApi;

/** One room as a Durable Object: a host of its sockets, whose guest is the room. */
export class RoomObject extends RoomBase {
  static {
    defineCalls(RoomObject.prototype, (room, version, call) => room.#answer(version, call));
  }

  readonly #host: SocketHost<Admission, KeptSession>;
  readonly #lives: RoomLives;

  /** @param deployment what all of its rooms have in common. */
  constructor(ctx: DurableObjectState, env: RoomEnv, deployment: RoomDeployment) {
    super(ctx, env);
    const heartbeat = { ping: PING, pong: PONG };
    this.#host = new SocketHost(ctx, { format: KEPT_SESSION, heartbeat });
    this.#lives = new RoomLives({ ctx, env, ...deployment, host: this.#host });
    this.#host.open(() => this.#lives.parts.guest);
  }

  override fetch(request: Request): Response {
    return this.#host.enter(request);
  }

  override webSocketMessage(socket: WebSocket, raw: string | ArrayBuffer): Promise<void> {
    return this.#host.message(socket, raw);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string, clean: boolean): void {
    this.#host.closed(socket, { code, reason, clean });
  }

  override webSocketError(socket: WebSocket): void {
    this.#host.failed(socket);
  }

  override alarm(info?: AlarmInvocationInfo): Promise<void> {
    return this.#host.alarm(info);
  }

  #answer(
    version: number | undefined,
    call: (desk: RoomApi) => Promise<unknown>,
  ): Promise<unknown> {
    const tooFar = refuseVersion(version);
    if (tooFar !== undefined) return call(new ClosedDesk(tooFar));
    return this.#host.turns.longTurn(() => call(this.#lives.parts.desk));
  }
}
