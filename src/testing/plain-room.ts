import type { Socket } from "../client/environment.ts";
import { RealtimeError } from "../client/error.ts";
import type { AnyContract } from "../contract/contract.ts";
import { fold, type State } from "../kinds/running/state.ts";
import { PING } from "../protocol/client-frame.ts";
import type { Json } from "../protocol/json.ts";
import { BEARER_PREFIX, JSON_SUBPROTOCOL } from "../protocol/subprotocol.ts";
import type { Device } from "./device.ts";

/** How long after a lost connection it is tried again, in milliseconds. */
const AGAIN_MS = 100;

/** What it needs to enter a room. */
export interface PlainRoomOptions {
  readonly device: Device;
  readonly contract: AnyContract;
  readonly name: string;
  readonly token: string;
}

interface Pending {
  readonly frame: string;
  readonly resolve: (stored: { readonly seq: number; readonly duplicate: boolean }) => void;
  readonly reject: (error: Error) => void;
}

type Fields = Readonly<Record<string, unknown>>;

/** A room over the plain frames of the protocol, as one person has it: types are its maker's. */
export class PlainRoom {
  readonly #options: PlainRoomOptions;
  readonly #pending = new Map<string, Pending>();
  readonly #listeners = new Map<string, Set<(event: object) => void>>();
  #socket: Socket | undefined;
  #state: State | undefined;
  #joined: Fields | undefined;
  #users: readonly Fields[] = [];
  #lastSeq = 0;
  #status: "connecting" | "open" | "reconnecting" | "closed" = "connecting";
  #closed: RealtimeError | undefined;

  constructor(options: PlainRoomOptions) {
    this.#options = options;
    this.#connect();
  }

  get status() {
    return this.#status;
  }

  get state(): unknown {
    return this.#state?.value;
  }

  get you(): unknown {
    return this.#joined?.["you"];
  }

  get users(): readonly Fields[] {
    return this.#users;
  }

  /** Why it was closed for good. */
  get reason(): RealtimeError | undefined {
    return this.#closed;
  }

  send(type: string, data: unknown): Promise<{ seq: number; duplicate: boolean }> {
    const messageId = this.#options.device.environment.randomUUID();
    const frame = JSON.stringify({ type, messageId, payload: data, sentAt: this.#lastSeq });
    return new Promise((resolve, reject) => {
      if (this.#status === "closed") reject(this.#closed ?? gone());
      this.#pending.set(messageId, { frame, resolve, reject });
      if (this.#status === "open") this.#socket?.send(frame);
    });
  }

  signal(type: string, data: unknown): void {
    if (this.#status === "open") this.#socket?.send(JSON.stringify({ type, payload: data }));
  }

  on(type: string, hear: (event: object) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(hear));
    return () => listeners.delete(hear);
  }

  async leave(): Promise<void> {
    this.#end(gone());
    this.#socket?.close(1000, "");
  }

  #connect(): void {
    const { device, name, token } = this.#options;
    const cursor = this.#joined && `?since=${this.#lastSeq}&epoch=${this.#joined["epoch"]}`;
    const url = `wss://edge.test/v1/rooms/${encodeURIComponent(name)}/ws${cursor ?? ""}`;
    this.#socket = device.environment.openSocket(url, [JSON_SUBPROTOCOL, BEARER_PREFIX + token], {
      message: (data) => this.#hear(JSON.parse(String(data))),
      close: () => this.#lost(),
    });
    this.#beat(this.#socket);
  }

  #beat(socket: Socket): void {
    this.#options.device.environment.after(30_000, () => {
      if (this.#socket !== socket || this.#status === "closed") return;
      socket.send(PING);
      this.#beat(socket);
    });
  }

  #lost(): void {
    if (this.#status === "closed") return;
    this.#status = "reconnecting";
    this.#options.device.environment.after(AGAIN_MS, () => this.#connect());
  }

  #hear(frame: Fields): void {
    const payload = Object(frame["payload"]) as Fields;
    switch (frame["type"]) {
      case "batch":
        for (const one of Object.values(payload)) this.#hear(Object(one));
        break;
      case "joined_room":
        this.#join(payload);
        break;
      case "ack":
        this.#answer(String(frame["messageId"]), payload);
        break;
      case "error":
        if (this.#status !== "open") this.#end(refused(payload));
        break;
      case "user_joined":
        this.#users = [...this.#without(payload), payload];
        break;
      case "user_left":
        this.#users = this.#without(payload);
        break;
      default:
        this.#tell(frame);
    }
  }

  #join(joined: Fields): void {
    if (joined["recovered"] !== true) this.#lastSeq = Number(joined["seq"]);
    this.#state = { value: joined["state"], seq: Number(joined["seq"]) };
    this.#joined = joined;
    this.#users = joined["users"] as readonly Fields[];
    this.#status = "open";
    for (const { frame } of this.#pending.values()) this.#socket?.send(frame);
  }

  #answer(messageId: string, ack: Fields): void {
    const pending = this.#pending.get(messageId);
    this.#pending.delete(messageId);
    if (ack["success"] !== true) pending?.reject(refused(Object(ack["error"])));
    else {
      pending?.resolve({ seq: Number(ack["savedId"]), duplicate: ack["duplicate"] === true });
    }
  }

  #tell({ type, seq, userId, timestamp, payload }: Fields): void {
    const event = {
      type: String(type),
      data: payload as Json,
      actorId: String(userId),
      seq: Number(seq),
      timestamp: String(timestamp),
    };
    if (seq !== undefined) {
      this.#lastSeq = event.seq;
      // A greeting after a resume tells the state after the events that are yet to come.
      if (this.#state !== undefined && event.seq > this.#state.seq) {
        this.#state = fold(this.#options.contract, this.#state, event);
      }
    }
    for (const hear of this.#listeners.get(event.type) ?? []) hear(event);
  }

  #without({ userId }: Fields): readonly Fields[] {
    return this.#users.filter((user) => user["userId"] !== userId);
  }

  #end(why: RealtimeError): void {
    this.#status = "closed";
    this.#closed = why;
    for (const { reject } of this.#pending.values()) reject(why);
  }
}

function gone(): RealtimeError {
  return RealtimeError.local("disconnected", "The room is closed. It was left.");
}

function refused(error: Fields): RealtimeError {
  // As a room refuses.
  return Object.assign(RealtimeError.refused(error as never), { data: error["data"] });
}
