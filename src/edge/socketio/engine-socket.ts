import type { AppConnection } from "../../socketio/app/ports.ts";
import {
  ENGINE,
  type EngineEnd,
  type EngineTimes,
  MAX_PAYLOAD_BYTES,
  openPacket,
  unpacked,
} from "../../socketio/engine/packet.ts";
import type { EngineEar } from "../../socketio/engine/polling-session.ts";

/** It is asked how much it has read each time that this part of what may be unread was sent. */
const ASKED = 8;

/**
 * The Worker's end of a client's WebSocket that speaks Engine.IO. Pings come from here: no object wakes
 * for them.
 */
export class EngineSocket implements AppConnection {
  readonly sid: string;
  readonly handshake: AppConnection["handshake"];
  readonly transport = "websocket";
  readonly #socket: WebSocket;
  readonly #times: EngineTimes;
  readonly #closed = Promise.withResolvers<void>();
  #ear: EngineEar | undefined;
  #timer: number | null = null;
  /** Pings that are not answered, each with what is to be done then: all before it has been read. */
  readonly #pings: { readonly acts: readonly (() => void)[]; readonly atUnits: number }[] = [];
  readonly #mostUnread: number;
  #sentUnits = 0;
  #pingedUnits = 0;
  #readUnits = 0;
  #isOver = false;

  /**
   * @param socket an accepted one.
   * @param mostUnread how much may be sent that the client has not shown to have read, in bytes: it waits
   *   in the Worker's memory, which is that of all who are connected to it.
   */
  constructor(
    socket: WebSocket,
    { sid, handshake }: { readonly sid: string } & Pick<AppConnection, "handshake">,
    times: EngineTimes,
    mostUnread: number,
  ) {
    this.#socket = socket;
    this.#mostUnread = mostUnread;
    this.sid = sid;
    this.handshake = handshake;
    this.#times = times;
  }

  /** Resolves when it is over. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Begins. */
  open(ear: EngineEar): void {
    this.#ear = ear;
    this.#say(openPacket(this.sid, [], this.#times));
    this.#wait();
  }

  /** Goes on with a connection that began by polling: with the packets that its client was not told yet. */
  goOn(packets: readonly string[], ear: EngineEar): void {
    this.#ear = ear;
    for (const packet of packets) this.#say(unpacked(packet));
    this.#wait();
  }

  send(message: string | Uint8Array): void {
    this.#say(typeof message === "string" ? ENGINE.message + message : message);
  }

  /** Acts once the client has read all that was sent to it before. */
  readonly whenRead = (act: () => void): void => {
    this.#ping([act]);
  };

  close(): void {
    this.#say(ENGINE.close);
    this.end("forced close");
  }

  /** Takes what its client sends. */
  hear(data: string | ArrayBuffer): void {
    if (this.#isOver) return;
    if (sizeOf(data) > MAX_PAYLOAD_BYTES) this.end("transport error", 1009);
    else if (typeof data !== "string") this.#ear?.message(new Uint8Array(data));
    else if (data[0] === ENGINE.message) this.#ear?.message(data.slice(1));
    else if (data[0] === ENGINE.pong) this.#answered();
    else this.end(data === ENGINE.close ? "transport close" : "parse error");
  }

  /** It is over. */
  end(why: EngineEnd = "transport close", code = 1000): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    try {
      this.#socket.close(code);
    } catch {
      // Nothing is left to close.
    }
    this.#ear?.closed(why);
    this.#closed.resolve();
  }

  #answered(): void {
    const ping = this.#pings.shift();
    this.#readUnits = ping?.atUnits ?? this.#readUnits;
    for (const act of ping?.acts ?? []) act();
    if (this.#pings.length === 0) this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ping([]), this.#times.pingIntervalMs);
  }

  #ping(acts: readonly (() => void)[]): void {
    this.#pings.push({ acts, atUnits: this.#sentUnits });
    this.#pingedUnits = this.#sentUnits;
    this.#say(ENGINE.ping);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end("ping timeout"), this.#times.pingTimeoutMs);
  }

  #say(packet: string | Uint8Array): void {
    if (this.#isOver) return;
    this.#socket.send(packet);
    this.#sentUnits += packet.length;
    // It comes back, and is told what it missed.
    if (this.#sentUnits - this.#readUnits > this.#mostUnread) this.end("transport error");
    // Only what it answers tells how much it has read.
    else if (this.#sentUnits - this.#pingedUnits > this.#mostUnread / ASKED) this.#ping([]);
  }
}

/** A text's units are one to three bytes each: it may be longer than it counts, and never by much. */
function sizeOf(data: string | ArrayBuffer): number {
  return typeof data === "string" ? data.length : data.byteLength;
}
