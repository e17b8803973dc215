import { DurableObject } from "cloudflare:workers";
import { settingsOf } from "../configured.ts";
import type { Deployment } from "../deployment.ts";
import type { Env } from "../env.ts";
import type { Change, HubApi } from "../hub-api.ts";
import type { ClientApp, OpenApp } from "./default-app.ts";
import { hubNumber } from "./hub-stub.ts";
import { PolledClients } from "./polled-clients.ts";

/** How long rooms are kept for a client that has changed, until it is in them by its other way. */
const RELEASE_MS = 5_000;

/** An object class of hubs, as the platform makes objects of it. */
export type SocketioClass = new (ctx: DurableObjectState, env: Env) => DurableObject<Env> & HubApi;

/**
 * The object class of a deployment's hubs, for the Worker to export. A hub has the clients of Socket.IO
 * that poll, which need one place for their requests. It stores nothing: whoever it loses comes back.
 *
 * @param open the app that they speak to.
 */
export function socketioClass(deployment: Deployment, open: OpenApp): SocketioClass {
  return class SocketioObject extends DurableObject<Env> implements HubApi {
    readonly #polled = new PolledClients(hubNumber(this.ctx.id));
    readonly #apps = new Map<string, ClientApp>();
    /** Of those that have changed: lets go of their rooms. */
    readonly #releases = new Map<string, () => void>();

    override async fetch(request: Request): Promise<Response> {
      const read = settingsOf(this.env);
      // The Worker has looked at them before.
      if (!read.ok) return new Response(null, { status: 503 });
      const { settings } = read;
      return this.#polled.answer(request, settings, (polling, first, address) => {
        const { gate, contracts } = deployment;
        const call = { request: first, env: this.env, settings, gate, contracts };
        const app = open({ ...call, lifetime: this.ctx }, address, polling);
        const { sid } = polling;
        this.#apps.set(sid, app);
        return {
          message: (data) => app.message(data),
          closed: (why) => {
            this.#apps.delete(sid);
            app.closed(why);
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
      const app = this.#apps.get(sid);
      const change = this.#polled.change(sid);
      if (app === undefined || change === undefined) return undefined;
      const timer = setTimeout(() => this.release(sid), RELEASE_MS);
      this.#releases.set(sid, () => {
        clearTimeout(timer);
        app.closed("transport close");
      });
      return { ...change, from: app.handover() };
    }

    async size(): Promise<number> {
      return this.#polled.size;
    }

    async release(sid: string): Promise<void> {
      this.#releases.get(sid)?.();
      this.#releases.delete(sid);
      this.#apps.delete(sid);
      this.#polled.forget(sid);
    }
  };
}
