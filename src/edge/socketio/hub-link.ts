import type { PollingSession } from "../../socketio/engine/polling-session.ts";
import type {
  EngineConnection,
  EngineListener,
  Handshake,
} from "../../socketio/engine-connection.ts";

/** What a hibernating socket keeps of its connection. */
export interface KeptLink {
  readonly id: string;
  readonly handshake: Handshake;
}

/** Messages that may wait while a connection changes, which takes a round trip. */
const HELD = 1_000;

/** A connection of Engine.IO in a hub: over polls, or over a WebSocket from the Worker in which its client's ends. */
export class HubLink implements EngineConnection {
  readonly id: string;
  readonly handshake: Handshake;
  /** What hears it. */
  listener: EngineListener | undefined;
  #carrier: PollingSession | WebSocket | undefined;
  /** What is said while it changes from one to the other. */
  readonly #held: (string | Uint8Array)[] = [];

  constructor({ id, handshake }: KeptLink, carrier: PollingSession | WebSocket) {
    this.id = id;
    this.handshake = handshake;
    this.#carrier = carrier;
  }

  get transport(): "polling" | "websocket" {
    return this.#carrier instanceof WebSocket ? "websocket" : "polling";
  }

  get isWritable(): boolean {
    if (this.#carrier === undefined) return false;
    return this.#carrier instanceof WebSocket || this.#carrier.isWritable;
  }

  /** Polls are over; what is said from here on waits for the WebSocket. */
  hold(): void {
    this.#carrier = undefined;
  }

  /** Goes on over a WebSocket. */
  carryBy(socket: WebSocket): void {
    this.#carrier = socket;
    for (const message of this.#held.splice(0)) this.send(message);
  }

  send(message: string | Uint8Array): void {
    const carrier = this.#carrier;
    if (carrier === undefined) {
      this.#held.push(message);
      if (this.#held.length > HELD) this.listener?.closed("transport error");
      return;
    }
    try {
      carrier.send(message);
    } catch {
      // It is over, and its end is about to be told.
    }
  }

  close(): void {
    try {
      if (this.#carrier instanceof WebSocket) this.#carrier.close(1000, "forced close");
      else this.#carrier?.close();
    } catch {
      // Nothing is left to close.
    }
  }
}
