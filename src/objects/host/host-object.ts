import { DurableObject } from "cloudflare:workers";
import type { RawFrame } from "./guest.ts";
import { type HostParts, SocketHost } from "./socket-host.ts";

/**
 * A Durable Object that is a {@link SocketHost}: whatever the platform brings goes to its guest. Who
 * extends it opens the host in its constructor.
 */
export abstract class HostObject<Env, Visit, Kept extends object> extends DurableObject<Env> {
  // A property, which nobody reaches by RPC as they would a getter.
  protected readonly host: SocketHost<Visit, Kept>;

  constructor(ctx: DurableObjectState, env: Env, parts: HostParts<Kept>) {
    super(ctx, env);
    this.host = new SocketHost(ctx, parts);
  }

  override fetch(request: Request): Response {
    return this.host.enter(request);
  }

  override webSocketMessage(socket: WebSocket, raw: RawFrame): Promise<void> | undefined {
    return this.host.message(socket, raw);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string, clean: boolean): void {
    this.host.closed(socket, { code, reason, clean });
  }

  override webSocketError(socket: WebSocket): void {
    this.host.failed(socket);
  }

  override alarm(info?: AlarmInvocationInfo): Promise<void> {
    return this.host.alarm(info);
  }
}
