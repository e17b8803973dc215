import { DurableObject } from "cloudflare:workers";
import { DurableDatabase } from "../../objects/durable-database.ts";
import { AlarmClock } from "../../objects/host/alarm-clock.ts";
import { PING, PONG } from "../../protocol/client-frame.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { logLine } from "../../protocol/log-line.ts";
import { PacketQuota } from "../../room/quota/packet-quota.ts";
import type { EngineEnd } from "../../socketio/engine/packet.ts";
import type { EngineApp } from "../../socketio/engine-connection.ts";
import type { OwnApp } from "../../socketio/own-app.ts";
import { settingsOf } from "../configured.ts";
import type { Env } from "../env.ts";
import { type Change, type HubApi, SID_HEADER } from "../hub-api.ts";
import { newId } from "./default-app.ts";
import { handshakeOf } from "./handshake.ts";
import { endOf } from "./hub-end.ts";
import { HubLink, type KeptLink } from "./hub-link.ts";
import { hubNumber } from "./hub-stub.ts";
import { PolledClients } from "./polled-clients.ts";
import type { SocketioClass } from "./socketio-object.ts";

/** Connections of one hub: each is some kilobytes of the object's 128 MB, and its handlers' own. */
const MOST_CONNECTIONS = 4_000;
/** How long a client that has changed may take to be here again by its other way. */
const CHANGE_MS = 10_000;
/** How often a hub with connections looks whether the Workers behind them live. */
const SWEEP_MS = 120_000;

/**
 * The object class of a deployment whose server of Socket.IO is a team's own, for the Worker to export.
 * A hub sleeps while its clients are silent: their pings are answered in the Worker.
 */
export function ownHubClass(app: OwnApp): SocketioClass {
  return class SocketioObject extends DurableObject<Env> implements HubApi {
    readonly #links = new Map<WebSocket, HubLink>();
    readonly #polled = new PolledClients(hubNumber(this.ctx.id));
    /** Those that have changed, until they are here again by their other way. */
    readonly #changes = new Map<string, number>();
    /** Links that poll, or are about to be carried by a WebSocket. */
    readonly #polling = new Map<string, HubLink>();
    readonly #alarm = new AlarmClock(this.ctx.storage);
    // Set in the constructor's turn, before anything else is heard.
    #app!: EngineApp;

    constructor(ctx: DurableObjectState, env: Env) {
      super(ctx, env);
      ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
      void ctx.blockConcurrencyWhile(() => this.#wake());
    }

    override async fetch(request: Request): Promise<Response> {
      if (request.headers.get("Upgrade") === "websocket") return this.#connect(request);
      const read = settingsOf(this.env);
      // The Worker has looked at them before.
      if (!read.ok) return new Response(null, { status: 503 });
      return this.#polled.answer(request, read.settings, (polling, first) => {
        const about = { id: polling.sid, handshake: handshakeOf(first, Date.now()) };
        const link = new HubLink(about, polling);
        this.#polling.set(link.id, link);
        const listener = this.#app.opened(link);
        link.listener = listener;
        const quota = new PacketQuota(read.settings.socketio, Date.now());
        return {
          message: (data) => {
            if (quota.take(data.length, Date.now())) listener.message(data);
            else link.close();
          },
          closed: (why) => {
            this.#polling.delete(link.id);
            listener.closed(why);
          },
        };
      });
    }

    async knows(sid: string): Promise<boolean> {
      return this.#polled.knows(sid);
    }

    async probe(sid: string): Promise<boolean> {
      return this.#polled.probe(sid);
    }

    async change(sid: string): Promise<Change | undefined> {
      const link = this.#polling.get(sid);
      const change = this.#polled.change(sid);
      if (link === undefined || change === undefined) return undefined;
      link.hold();
      this.#polled.forget(sid);
      this.#changes.set(
        sid,
        setTimeout(() => this.#giveUp(link), CHANGE_MS),
      );
      return { ...change, from: "" };
    }

    async size(): Promise<number> {
      return this.#links.size + this.#polled.size;
    }

    /** Nothing is to be let go of: the session has not gone elsewhere. */
    async release(): Promise<void> {}

    override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): void {
      const message = typeof data === "string" ? data : new Uint8Array(data);
      this.#links.get(socket)?.listener?.message(message);
    }

    override webSocketClose(socket: WebSocket, code: number, reason: string): void {
      this.#end(socket, endOf(code, reason));
    }

    override webSocketError(socket: WebSocket): void {
      this.#end(socket, "transport error");
    }

    override async alarm(): Promise<void> {
      this.#alarm.wentOff(undefined);
      const read = settingsOf(this.env);
      const heartbeatMs = read.ok ? read.settings.limits.heartbeatMs : SWEEP_MS;
      const dead = Date.now() - heartbeatMs - BOUNDS.heartbeatGraceMs;
      for (const [socket, { handshake }] of this.#links) {
        const answered = this.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime();
        if ((answered ?? handshake.at) < dead) this.#end(socket, "ping timeout");
      }
      await this.#sweepLater();
    }

    #connect(request: Request): Response {
      if (this.#links.size >= MOST_CONNECTIONS) return new Response(null, { status: 503 });
      const id = request.headers.get(SID_HEADER) ?? newId();
      const changing = this.#polling.get(id);
      const handshake = changing?.handshake ?? handshakeOf(request, Date.now());
      const { 0: client, 1: socket } = new WebSocketPair();
      this.ctx.acceptWebSocket(socket);
      const kept: KeptLink = { id, handshake };
      socket.serializeAttachment(kept);
      if (changing === undefined) {
        const link = new HubLink(kept, socket);
        this.#links.set(socket, link);
        link.listener = this.#app.opened(link);
      } else {
        this.#polling.delete(id);
        // A timer would keep the object awake.
        clearTimeout(this.#changes.get(id) ?? null);
        this.#changes.delete(id);
        this.#links.set(socket, changing);
        changing.carryBy(socket);
      }
      this.ctx.waitUntil(this.#sweepLater());
      return new Response(null, { status: 101, webSocket: client });
    }

    /** It did not come by its other way. */
    #giveUp(link: HubLink): void {
      if (this.#polling.get(link.id) !== link) return;
      this.#polling.delete(link.id);
      this.#changes.delete(link.id);
      link.listener?.closed("transport close");
    }

    #end(socket: WebSocket, why: EngineEnd): void {
      const link = this.#links.get(socket);
      this.#links.delete(socket);
      try {
        socket.close(1000);
      } catch {
        // Nothing is left to close.
      }
      link?.listener?.closed(why);
    }

    async #wake(): Promise<void> {
      this.#app = this.#open();
      for (const socket of this.ctx.getWebSockets()) {
        // What is kept of a socket is what this class, or an older one of it, wrote.
        const kept = socket.deserializeAttachment() as KeptLink;
        this.#links.set(socket, new HubLink(kept, socket));
      }
      const links = [...this.#links.values()];
      const listeners = await this.#app.wake(links);
      for (const [at, link] of links.entries()) link.listener = listeners[at];
      await this.#alarm.load(Date.now());
    }

    /** @throws what the team's code does; whoever comes is told to come back, and only the log knows why. */
    #open(): EngineApp {
      try {
        return app.open({
          database: new DurableDatabase(this.ctx.storage),
          now: Date.now,
          after(ms, act) {
            const timer = setTimeout(act, ms);
            return () => clearTimeout(timer);
          },
          newId,
          log: sayError,
        });
      } catch (error) {
        sayError(`It could not be made: ${error instanceof Error ? error.stack : error}`);
        throw error;
      }
    }

    async #sweepLater(): Promise<void> {
      if (this.#links.size > 0) await this.#alarm.wakeBy(Date.now(), Date.now() + SWEEP_MS);
    }
  };
}

function sayError(message: string): void {
  console.error(logLine({ event: "error", where: "socket.io", message }, Date.now()));
}
