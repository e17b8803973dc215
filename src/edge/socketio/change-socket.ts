import { ENGINE, type EngineTimes, PROBE } from "../../socketio/engine/packet.ts";
import type { EngineEar } from "../../socketio/engine/polling-session.ts";
import type { Change, HubApi } from "../hub-api.ts";
import { EngineSocket } from "./engine-socket.ts";

/** How long a client may take to change, as servers of Socket.IO have it. */
const CHANGE_MS = 10_000;

/** Messages that may wait while a session is brought over, which takes a round trip. */
const HELD = 64;

/** What a connection that changes needs of its hub, and of whoever goes on with it. */
export interface ChangePorts {
  readonly hub: Pick<HubApi, "knows" | "probe" | "change">;
  readonly sid: string;
  /** How much may wait for the client, in bytes; see {@link EngineSocket}. */
  readonly mostUnread: number;
  /** Goes on with it here. */
  goOn(socket: EngineSocket, change: Change): EngineEar;
}

/** A WebSocket to which a client wants to change that has polled until now. */
export class ChangeSocket {
  readonly #socket: WebSocket;
  readonly #times: EngineTimes;
  readonly #ports: ChangePorts;
  readonly #over = Promise.withResolvers<void>();
  #timer: number;
  #state: "new" | "probed" | "changing" | "over" = "new";
  #engine: EngineSocket | undefined;
  /** What the client sends while its session is brought here. */
  #held: (string | ArrayBuffer)[] = [];

  /** @param socket an accepted one. */
  constructor(socket: WebSocket, times: EngineTimes, ports: ChangePorts) {
    this.#socket = socket;
    this.#times = times;
    this.#ports = ports;
    this.#timer = setTimeout(() => this.#end(), CHANGE_MS);
    void this.#look();
  }

  /** Resolves when it is over. */
  get closed(): Promise<void> {
    return this.#over.promise;
  }

  /** Takes what its client sends. */
  hear(data: string | ArrayBuffer): void {
    if (this.#engine !== undefined) this.#engine.hear(data);
    else if (this.#state === "changing") this.#hold(data);
    else if (this.#state === "new" && data === PROBE.ask) void this.#probe();
    else if (this.#state === "probed" && data === ENGINE.upgrade) void this.#change();
    else this.#end();
  }

  #hold(data: string | ArrayBuffer): void {
    if (this.#held.push(data) > HELD) this.#end();
  }

  /** Its client is gone. */
  end(): void {
    this.#engine?.end();
    this.#end();
  }

  /** A WebSocket for what does not poll any more is over at once. */
  async #look(): Promise<void> {
    const { hub, sid } = this.#ports;
    if ((await this.#asked(() => hub.knows(sid))) !== true && this.#state === "new") this.#end();
  }

  async #probe(): Promise<void> {
    const { hub, sid } = this.#ports;
    if (!(await this.#asked(() => hub.probe(sid)))) {
      this.#end();
      return;
    }
    this.#state = "probed";
    this.#socket.send(PROBE.answer);
  }

  async #change(): Promise<void> {
    this.#state = "changing";
    const { hub, sid } = this.#ports;
    const change = await this.#asked(() => hub.change(sid));
    if (change === undefined || this.#state !== "changing") {
      this.#end();
      return;
    }
    clearTimeout(this.#timer);
    const { mostUnread } = this.#ports;
    const { query } = change;
    const about = { sid, handshake: { query } };
    const engine = new EngineSocket(this.#socket, about, this.#times, mostUnread);
    this.#engine = engine;
    engine.goOn(change.packets, this.#ports.goOn(engine, change));
    for (const data of this.#held) engine.hear(data);
    this.#held = [];
    void engine.closed.then(this.#over.resolve);
  }

  /** What the hub answers; nothing when it cannot be reached: the client goes on by polls, or comes back. */
  async #asked<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch {
      return undefined;
    }
  }

  #end(): void {
    if (this.#state === "over" || this.#engine !== undefined) return;
    this.#state = "over";
    clearTimeout(this.#timer);
    try {
      this.#socket.close(1000);
    } catch {
      // Nothing is left to close.
    }
    this.#over.resolve();
  }
}
