import * as z from "zod";
import { MARK_BEGINNING, PING, PONG } from "../../protocol/client-frame.ts";
import { CLOSES, type Close } from "../../protocol/close.ts";
import type { Refusal } from "../../protocol/error.ts";
import { markSchema } from "../../protocol/frames/connection-schema.ts";
import { type TextFrame, unbundle } from "../../protocol/unbundle.ts";
import type { Call } from "../call.ts";
import type { Visitor } from "../visitor.ts";
import { type EntryOptions, enterRoom } from "./enter-room.ts";

/** A ping, but not by the very text that the platform answers while the room sleeps. */
const WAKING_PING = '{"type": "ping"}';

const markFrameSchema = z.object({ payload: markSchema });

/** A connection for an adapter, or why the room refuses it. */
export type Opened =
  | { readonly ok: true; readonly inner: InnerSocket }
  | { readonly ok: false; readonly error: Refusal };

/** Opens a connection to the room on a visitor's behalf. The Worker lives until it has closed. */
export async function openInner(
  { env, lifetime }: Call,
  visitor: Visitor,
  options: Omit<EntryOptions, "wire">,
): Promise<Opened> {
  const entered = await enterRoom(env, visitor, { ...options, wire: "json" });
  if (!entered.ok) return entered;
  const { webSocket } = entered.response;
  if (webSocket === null) throw new Error("The room answered an upgrade without a socket.");
  const inner = new InnerSocket(webSocket);
  lifetime.waitUntil(inner.closed);
  return { ok: true, inner };
}

/** What an adapter does with what it hears. */
export interface InnerListener {
  /** One message of the room as it came: a frame, or a batch, unparsed; see {@link framesOf}. */
  heard(message: string): void;
  /** The room asks to be told, by `answer`, when its reader has taken what was heard before. */
  marked(answer: () => void): void;
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

  /** Resolves when both ends have closed; a Worker that dies sooner may leave its end open. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Begins to listen. Nothing sent before is lost. */
  listen({ heard, marked, ended }: InnerListener, heartbeatMs: number): void {
    const over = () => {
      if (!this.#isOver) ended();
      this.close(CLOSES.roomGone);
      this.#closed.resolve();
    };
    this.#socket.addEventListener("message", ({ data }) => {
      if (typeof data !== "string" || data === PONG || this.#isOver) return;
      if (data.startsWith(MARK_BEGINNING)) marked(() => this.send(answerTo(data)));
      else heard(data);
    });
    this.#socket.addEventListener("close", over);
    this.#socket.addEventListener("error", over);
    this.#socket.accept();
    this.#heartbeat = setInterval(() => this.#socket.send(PING), heartbeatMs);
  }

  /** Says a frame to the room, as JSON text; nothing once the connection is over. */
  send(frame: string): void {
    if (!this.#isOver) this.#socket.send(frame);
  }

  /** Tells the room that what it sent was taken. */
  alive(): void {
    this.send(WAKING_PING);
  }

  /** Ends the connection; nothing more is heard. The reason goes to the room's log. */
  close({ code, reason }: Close): void {
    this.#isOver = true;
    clearInterval(this.#heartbeat);
    try {
      this.#socket.close(code, reason);
    } catch {
      // Nothing is left to close.
    }
  }
}

/** What answers a mark. */
function answerTo(mark: string): string {
  const { payload } = markFrameSchema.parse(JSON.parse(mark));
  return JSON.stringify({ type: "read_mark", payload });
}

/** The frames of a message of the room, for an adapter that takes them one by one; answers to pings are none. */
export function framesOf(message: string): readonly TextFrame[] {
  return unbundle(message).filter(({ type }) => type !== "pong");
}

/** Acts when the client has gone away, as far as the platform notices. */
export function whenGone({ signal }: Request, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener("abort", act, { once: true });
}
