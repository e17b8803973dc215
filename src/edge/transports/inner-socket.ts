import {
  ADMISSION_HEADER,
  refusalSchema,
  type Transport,
  writeAdmission,
} from "../../protocol/admission.ts";
import { PING, PONG } from "../../protocol/client-frame.ts";
import { CLOSE_CODES } from "../../protocol/close-code.ts";
import type { Refusal } from "../../protocol/error.ts";
import type { Wire } from "../../protocol/subprotocol.ts";
import { type TextFrame, unbundle } from "../../protocol/unbundle.ts";
import type { Env } from "../env.ts";
import { callRoom } from "../room-stub.ts";
import type { Visitor } from "../visitor.ts";

/** How a visitor comes in. */
export interface Entrance {
  readonly wire: Wire;
  readonly transport: Transport;
  /** Messages of history wanted by who does not resume. */
  readonly history: number;
  /** What the client's own socket offers, `Sec-WebSocket-Extensions`. */
  readonly extensions?: string | null;
}

/** The room's answer to a visitor: an upgrade, or why not. */
export type Entered =
  | { readonly ok: true; readonly response: Response }
  | { readonly ok: false; readonly error: Refusal };

/**
 * Hands a visitor to the room, in a fresh request that says who it is. Nothing of the client's own
 * request goes along but its offer of compression.
 */
export async function enterRoom(
  env: Env,
  { room, actor, expiresAt, address, cursor }: Visitor,
  { wire, transport, history, extensions = null }: Entrance,
): Promise<Entered> {
  const { userId, name } = actor;
  const permissions = [...actor.permissions];
  const admission = writeAdmission({
    session: { userId, name, permissions, expiresAt, wire, transport, address },
    history,
    ...(cursor === undefined ? {} : { cursor }),
  });
  const headers = new Headers({ Upgrade: "websocket", [ADMISSION_HEADER]: admission });
  if (extensions !== null) headers.set("Sec-WebSocket-Extensions", extensions);
  const response = await callRoom(env, room, (stub) => stub.fetch("https://room/", { headers }));
  return response.status === 101
    ? { ok: true, response }
    : { ok: false, error: refusalSchema.parse(await response.json()) };
}

/** What an adapter does with what it hears. */
export interface InnerListener {
  /** The frames of one message of the room. */
  heard(frames: readonly TextFrame[]): void;
  /** Nothing more comes: the room, or the network to it, ended the connection. */
  ended(): void;
}

/**
 * The Worker's end of a WebSocket to a room, for clients that have none (wire "json"). The
 * heartbeat is a timer here and not in the room: it would keep the room from hibernating.
 */
export class InnerSocket {
  readonly #socket: WebSocket;
  readonly #closed = Promise.withResolvers<void>();
  #heartbeat: number | null = null;
  #isOver = false;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Resolves when both ends have closed: keep the Worker alive for it, so that the room hears of it. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Begins to listen. Nothing sent before is lost. */
  listen({ heard, ended }: InnerListener, heartbeatMs: number): void {
    const over = () => {
      if (!this.#isOver) ended();
      this.close("the room is gone");
      this.#closed.resolve();
    };
    this.#socket.addEventListener("message", ({ data }) => {
      if (typeof data === "string" && data !== PONG && !this.#isOver) heard(unbundle(data));
    });
    this.#socket.addEventListener("close", over);
    this.#socket.addEventListener("error", over);
    this.#socket.accept();
    this.#heartbeat = setInterval(() => this.#socket.send(PING), heartbeatMs);
  }

  /** Ends the connection; nothing more is heard. The reason goes to the room's log. */
  close(reason: string): void {
    this.#isOver = true;
    clearInterval(this.#heartbeat);
    try {
      this.#socket.close(CLOSE_CODES.done.code, reason);
    } catch {
      // Nothing is left to close.
    }
  }
}
