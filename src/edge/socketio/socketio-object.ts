import { DurableObject } from "cloudflare:workers";
import { MAX_PAYLOAD_BYTES } from "../../socketio/engine/packet.ts";
import {
  BAD_REQUEST,
  type EngineAnswer,
  PollingSession,
  refused,
  UNKNOWN_SID,
} from "../../socketio/engine/polling-session.ts";
import { settingsOf } from "../configured.ts";
import type { Deployment } from "../deployment.ts";
import type { Env } from "../env.ts";
import { ADDRESS_HEADER, type Change, type HubApi } from "../hub-api.ts";
import { readBytes, urlOf } from "../input.ts";
import { whenGone } from "../transports/inner-socket.ts";
import { type ClientApp, newId, type OpenApp, openApp } from "./default-app.ts";

/** A client that polls. */
interface Client {
  readonly address: string;
  readonly polling: PollingSession;
  readonly app: ClientApp;
  /** Of one that has changed: lets go of its rooms. */
  release?: () => void;
}

/** Clients of one hub: each is some kilobytes, and in up to 32 rooms by inner sockets. */
const MOST_CLIENTS = 1_000;
/** How long rooms are kept for a client that has changed, until it is in them by its other way. */
const RELEASE_MS = 5_000;
const FULL = refused(3, "Too many clients poll; try a WebSocket.");
const ADDRESS_FULL = refused(3, "Too many clients poll from one address; try a WebSocket.");
/** What may wait for all clients of a hub, in UTF-16 units: a part of the object's 128 MB. */
const ALL_QUEUED_CHARS = 24 * 1024 * 1024;

/** An object class of hubs, as the platform makes objects of it. */
export type SocketioClass = new (ctx: DurableObjectState, env: Env) => DurableObject<Env> & HubApi;

/**
 * The object class of a deployment's hubs, for the Worker to export. A hub has the clients of Socket.IO
 * that poll, which need one place for their requests. It stores nothing: whoever it loses comes back.
 *
 * @param open the app that they speak to.
 */
export function socketioClass(deployment: Deployment, open: OpenApp = openApp): SocketioClass {
  return class SocketioObject extends DurableObject<Env> implements HubApi {
    readonly #clients = new Map<string, Client>();

    override async fetch(request: Request): Promise<Response> {
      const { searchParams } = urlOf(request);
      const sid = searchParams.get("sid");
      if (sid === null) return answer(this.#begin(request));
      const client = this.#clients.get(sid);
      if (client === undefined || client.release !== undefined) return answer(UNKNOWN_SID);
      if (request.method === "POST") return answer(await post(client.polling, request));
      const poll = client.polling.poll();
      whenGone(request, () => client.polling.givenUp(poll));
      return answer(await poll);
    }

    async knows(sid: string): Promise<boolean> {
      return this.#clients.get(sid)?.polling.mayChange ?? false;
    }

    async probe(sid: string): Promise<boolean> {
      return this.#clients.get(sid)?.polling.probe() ?? false;
    }

    async change(sid: string): Promise<Change | undefined> {
      const client = this.#clients.get(sid);
      if (client === undefined) return undefined;
      const { polling, app } = client;
      const packets = polling.change();
      if (packets === undefined) return undefined;
      const timer = setTimeout(() => this.release(sid), RELEASE_MS);
      client.release = () => {
        clearTimeout(timer);
        app.closed();
      };
      return { from: app.handover(), packets, query: polling.handshake.query };
    }

    async release(sid: string): Promise<void> {
      this.#clients.get(sid)?.release?.();
      this.#clients.delete(sid);
    }

    #begin(request: Request): EngineAnswer {
      const settings = settingsOf(this.env);
      // The Worker has looked at them before.
      if (!settings.ok || request.method !== "GET") return BAD_REQUEST;
      if (this.#clients.size >= MOST_CLIENTS) return FULL;
      const address = request.headers.get(ADDRESS_HEADER) ?? "unknown";
      const { connectionsPerIp } = settings.settings.limits;
      const isCrowd = connectionsPerIp > 0 && this.#countFrom(address) >= connectionsPerIp;
      if (isCrowd) return ADDRESS_FULL;
      const hub = (this.ctx.id.name ?? "").split(":").at(-1);
      const sid = `${hub}.${newId()}`;
      const query = Object.fromEntries(urlOf(request).searchParams);
      const { socketio } = settings.settings;
      const polling = new PollingSession(sid, query, socketio, (ms, act) => {
        const timer = setTimeout(act, ms);
        return () => clearTimeout(timer);
      });
      const { gate, contracts } = deployment;
      const app = open(
        {
          ...{ request, env: this.env, settings: settings.settings, gate, contracts },
          lifetime: this.ctx,
        },
        address,
        polling,
      );
      this.#clients.set(sid, { address, polling, app });
      return polling.begin({
        message: (data) => app.message(data),
        closed: () => app.closed(),
        over: () => this.#clients.delete(sid),
        grown: () => this.#bound(),
      });
    }

    #countFrom(address: string): number {
      let count = 0;
      for (const client of this.#clients.values()) if (client.address === address) count += 1;
      return count;
    }

    /** Of clients that do not poll for what waits, those for whom the most does have to come back. */
    #bound(): void {
      const sessions = [...this.#clients.values()].map(({ polling }) => polling);
      let all = sessions.reduce((sum, { queuedChars }) => sum + queuedChars, 0);
      if (all <= ALL_QUEUED_CHARS) return;
      for (const session of sessions.sort((a, b) => b.queuedChars - a.queuedChars)) {
        all -= session.queuedChars;
        session.giveUp();
        if (all <= ALL_QUEUED_CHARS) return;
      }
    }
  };
}

async function post(polling: PollingSession, request: Request): Promise<EngineAnswer> {
  let bytes: Uint8Array;
  try {
    bytes = await readBytes(request, MAX_PAYLOAD_BYTES);
  } catch {
    return refused(3, "Payload too large", 413);
  }
  try {
    return polling.post(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return polling.post("");
  }
}

function answer({ status, body }: EngineAnswer): Response {
  const type = status === 200 ? "text/plain; charset=UTF-8" : "application/json";
  return new Response(body, {
    status,
    headers: { "Content-Type": type, "Cache-Control": "no-store" },
  });
}
