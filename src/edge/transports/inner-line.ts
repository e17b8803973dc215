import { PING, PONG } from "../../protocol/client-frame.ts";
import { CLOSES, type Close } from "../../protocol/close.ts";
import type { Refusal } from "../../protocol/error.ts";
import type { Call } from "../call.ts";
import type { Visitor } from "../visitor.ts";
import { type EntryOptions, enterRoom } from "./enter-room.ts";

/** A line to a room, or why the room refuses it. */
export type OpenedLine =
  | { readonly ok: true; readonly line: InnerLine }
  | { readonly ok: false; readonly error: Refusal };

/** Opens a connection to the room on a visitor's behalf. The Worker lives until it has closed. */
export async function openLine(
  { env, lifetime }: Pick<Call, "env" | "lifetime">,
  visitor: Visitor,
  options: EntryOptions,
): Promise<OpenedLine> {
  const entered = await enterRoom(env, visitor, options);
  if (!entered.ok) return entered;
  const { webSocket } = entered.response;
  if (webSocket === null) throw new Error("The room answered an upgrade without a socket.");
  const line = new InnerLine(webSocket);
  lifetime.waitUntil(line.closed);
  return { ok: true, line };
}

/** What is heard on a line. */
export interface LineListener {
  /** One message of the room as it came, in the wire of the connection; answers to pings are none. */
  heard(message: string | ArrayBuffer): void;
  /** Nothing more comes: the room, or the network to it, ended the connection. */
  ended(close: Close): void;
}

/**
 * The Worker's end of a WebSocket to a room. The heartbeat is a timer here and not in the room: it
 * would keep the room from hibernating.
 */
export class InnerLine {
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
  listen({ heard, ended }: LineListener, heartbeatMs: number): void {
    const over = (close: Close) => {
      if (!this.#isOver) ended(close);
      this.close(CLOSES.roomGone);
      this.#closed.resolve();
    };
    this.#socket.addEventListener("message", ({ data }) => {
      if (data !== PONG && !this.#isOver) heard(data);
    });
    this.#socket.addEventListener("close", ({ code, reason, wasClean }) =>
      over({ code, reason, clean: wasClean }),
    );
    this.#socket.addEventListener("error", () => over(CLOSES.socketError));
    this.#socket.binaryType = "arraybuffer";
    this.#socket.accept();
    this.#heartbeat = setInterval(() => this.#socket.send(PING), heartbeatMs);
  }

  /** Says a frame to the room; nothing once the connection is over. */
  send(frame: string | ArrayBuffer | Uint8Array<ArrayBuffer>): void {
    if (!this.#isOver) this.#socket.send(frame);
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
