import type { Settings } from "../../protocol/settings.ts";
import { MAX_PAYLOAD_BYTES } from "../../socketio/engine/packet.ts";
import {
  BAD_REQUEST,
  type EngineAnswer,
  type EngineEar,
  PollingSession,
  refused,
  UNKNOWN_SID,
} from "../../socketio/engine/polling-session.ts";
import { ADDRESS_HEADER } from "../hub-api.ts";
import { readBytes, urlOf } from "../input.ts";
import { whenGone } from "../transports/inner-socket.ts";
import { newId } from "./default-app.ts";

/** A client of a hub that polls, or has until its session went elsewhere. */
interface PolledClient {
  readonly address: string;
  readonly polling: PollingSession;
  /** It has changed to a WebSocket. */
  isElsewhere: boolean;
}

/** Clients of one hub that poll: each keeps it awake, is some kilobytes, and may be in 32 rooms. */
const MOST_CLIENTS = 1_000;
/** What may wait for all clients of a hub, in UTF-16 units: a part of the object's 128 MB. */
const ALL_QUEUED_CHARS = 24 * 1024 * 1024;

const FULL = refused(3, "Too many clients poll; try a WebSocket.");
const ADDRESS_FULL = refused(3, "Too many clients poll from one address; try a WebSocket.");

/** Puts what hears a client on the other side of its connection. */
export type Hear = (polling: PollingSession, request: Request, address: string) => EngineEar;

/** The clients of one hub that poll, which need one place for their requests. */
export class PolledClients {
  readonly #hub: string;
  readonly #clients = new Map<string, PolledClient>();

  /** @param hub its number, with which the ids of its connections begin. */
  constructor(hub: string) {
    this.#hub = hub;
  }

  /** How many clients poll. */
  get size(): number {
    return this.#clients.size;
  }

  /** Answers a request of a client that polls, or begins to. */
  async answer(request: Request, settings: Settings, hear: Hear): Promise<Response> {
    const sid = urlOf(request).searchParams.get("sid");
    if (sid === null) return answered(this.#begin(request, settings, hear));
    const client = this.#clients.get(sid);
    if (client === undefined || client.isElsewhere) return answered(UNKNOWN_SID);
    const { polling } = client;
    if (request.method === "POST") return answered(await post(polling, request));
    const poll = polling.poll();
    whenGone(request, () => polling.givenUp(poll));
    return answered(await poll);
  }

  /** Whether a client polls here, and may change to a WebSocket. */
  knows(sid: string): boolean {
    return this.#clients.get(sid)?.polling.mayChange ?? false;
  }

  /** A WebSocket is tried. Returns whether there is anything to change. */
  probe(sid: string): boolean {
    return this.#clients.get(sid)?.polling.probe() ?? false;
  }

  /** The client has changed: what it was not told yet. `undefined` when there is no such client. */
  change(sid: string): { readonly packets: readonly string[]; readonly query: Query } | undefined {
    const client = this.#clients.get(sid);
    const packets = client?.polling.change();
    if (client === undefined || packets === undefined) return undefined;
    client.isElsewhere = true;
    return { packets, query: client.polling.handshake.query };
  }

  /** Forgets a client, which goes on elsewhere. */
  forget(sid: string): void {
    this.#clients.delete(sid);
  }

  #begin(request: Request, { socketio, limits }: Settings, hear: Hear): EngineAnswer {
    if (request.method !== "GET") return BAD_REQUEST;
    if (this.#clients.size >= MOST_CLIENTS) return FULL;
    const address = request.headers.get(ADDRESS_HEADER) ?? "unknown";
    const { connectionsPerIp } = limits;
    const isCrowd = connectionsPerIp > 0 && this.#countFrom(address) >= connectionsPerIp;
    if (isCrowd) return ADDRESS_FULL;
    const sid = `${this.#hub}.${newId()}`;
    const query = Object.fromEntries(urlOf(request).searchParams);
    const polling = new PollingSession(sid, query, socketio, (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    });
    const ear = hear(polling, request, address);
    this.#clients.set(sid, { address, polling, isElsewhere: false });
    return polling.begin({
      message: (data) => ear.message(data),
      closed: (why) => ear.closed(why),
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
}

type Query = Readonly<Record<string, string>>;

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

function answered({ status, body }: EngineAnswer): Response {
  const type = status === 200 ? "text/plain; charset=UTF-8" : "application/json";
  return new Response(body, {
    status,
    headers: { "Content-Type": type, "Cache-Control": "no-store" },
  });
}
