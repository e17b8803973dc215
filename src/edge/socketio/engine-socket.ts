import type { AppConnection } from "../../socketio/app/session.ts";

/** Engine.IO's packets, as text over a WebSocket (protocol, revision 4). */
const OPEN = "0";
const CLOSE = "1";
const PING = "2";
const PONG = "3";
const MESSAGE = "4";

/** What an Engine.IO connection is told at its beginning, and holds its client to. */
export interface EngineTimes {
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  /** The longest packet that a client may send. */
  readonly maxPayloadBytes: number;
}

/** What hears a connection. */
export interface EngineEar {
  message(data: string | Uint8Array): void;
  closed(): void;
}

/**
 * The Worker's end of a client's WebSocket that speaks Engine.IO from its beginning. Pings come from
 * here: no object wakes for them.
 */
export class EngineSocket implements AppConnection {
  readonly handshake: AppConnection["handshake"];
  readonly #socket: WebSocket;
  readonly #times: EngineTimes;
  readonly #closed = Promise.withResolvers<void>();
  #ear: EngineEar | undefined;
  #timer: number | null = null;
  /** Pings that are not answered, each with what is to be done then: all before it has been read. */
  readonly #pings: (() => void)[][] = [];
  #isOver = false;

  constructor(socket: WebSocket, handshake: AppConnection["handshake"], times: EngineTimes) {
    this.#socket = socket;
    this.handshake = handshake;
    this.#times = times;
  }

  /** Resolves when it is over. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Begins, under this id. */
  open(sid: string, ear: EngineEar): void {
    this.#ear = ear;
    this.#socket.binaryType = "arraybuffer";
    this.#socket.addEventListener("message", ({ data }) => this.#hear(data));
    this.#socket.addEventListener("close", () => this.#over());
    this.#socket.addEventListener("error", () => this.#over());
    this.#socket.accept();
    const { pingIntervalMs: pingInterval, pingTimeoutMs, maxPayloadBytes } = this.#times;
    const about = { pingInterval, pingTimeout: pingTimeoutMs, maxPayload: maxPayloadBytes };
    this.#say(`${OPEN}${JSON.stringify({ sid, upgrades: [], ...about })}`);
    this.#wait();
  }

  send(message: string): void {
    this.#say(MESSAGE + message);
  }

  /** Acts once the client has read all that was sent to it before. */
  readonly whenRead = (act: () => void): void => {
    this.#ping([act]);
  };

  close(): void {
    this.#say(CLOSE);
    this.#over();
  }

  #hear(data: string | ArrayBuffer): void {
    if (this.#isOver) return;
    if (sizeOf(data) > this.#times.maxPayloadBytes) {
      this.#over(1009);
      return;
    }
    if (typeof data !== "string") {
      this.#ear?.message(new Uint8Array(data));
      return;
    }
    const text = data.slice(1);
    switch (data[0]) {
      case MESSAGE:
        this.#ear?.message(text);
        break;
      case PONG:
        this.#answered();
        break;
      default:
        // Its own close, or nothing that a client says.
        this.#over();
    }
  }

  #answered(): void {
    for (const act of this.#pings.shift() ?? []) act();
    if (this.#pings.length === 0) this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ping([]), this.#times.pingIntervalMs);
  }

  #ping(whenAnswered: (() => void)[]): void {
    this.#pings.push(whenAnswered);
    this.#say(PING);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#over(), this.#times.pingTimeoutMs);
  }

  #say(packet: string): void {
    if (!this.#isOver) this.#socket.send(packet);
  }

  #over(code = 1000): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    try {
      this.#socket.close(code);
    } catch {
      // Nothing is left to close.
    }
    this.#ear?.closed();
    this.#closed.resolve();
  }
}

/** At least as many bytes as it has: a text's units are one to three bytes each. */
function sizeOf(data: string | ArrayBuffer): number {
  return typeof data === "string" ? data.length : data.byteLength;
}
