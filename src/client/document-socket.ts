import { BEARER_PREFIX } from "../protocol/subprotocol-name.ts";
import { YJS_SUBPROTOCOL } from "../protocol/yjs-subprotocol.ts";
import type { WireFrame } from "./document-wire.ts";
import type { Cancel, Socket } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import { isSyntaxError } from "./link.ts";
import { type Endpoint, OPENING_MS } from "./reached.ts";
import { NO_WORD } from "./transport.ts";

/** What a socket of a document tells. */
export interface DocumentSocketEvents {
  /** What is sent from now on goes out. */
  opened(): void;
  heard(data: ArrayBuffer): void;
  /** It is over, or never came to be: once, and with a close code. */
  closed(code: number): void;
}

/** One WebSocket to a document, with its token beside the subprotocol (P17.1). */
export class DocumentSocket {
  readonly #socket: Socket;
  readonly #events: DocumentSocketEvents;
  readonly #cancel: Cancel;
  #state: "opening" | "open" | "over" = "opening";

  /**
   * Starts to open it.
   *
   * @throws {RealtimeError} `unreachable` where the platform has no WebSocket, or what it says to a URL
   * or token that is not well-formed.
   */
  constructor(
    { environment, address }: Endpoint,
    { document, token }: { readonly document: string; readonly token: string },
    events: DocumentSocketEvents,
  ) {
    // Told at once that it may only read, an editor can say so before anybody types.
    const path = address.http(`documents/${encodeURIComponent(document)}`, { access: true });
    const url = path.replace(/^http/, "ws");
    const protocols = [YJS_SUBPROTOCOL, BEARER_PREFIX + token];
    this.#events = events;
    try {
      this.#socket = environment.openSocket(url, protocols, {
        open: () => this.#opened(),
        message: (data) => {
          if (this.#state === "open" && data instanceof ArrayBuffer) events.heard(data);
        },
        close: (code) => this.#over(code),
      });
    } catch (error) {
      if (isSyntaxError(error)) throw error;
      const message = "Documents need a WebSocket, and there is none here.";
      throw RealtimeError.local("unreachable", message, { cause: error });
    }
    this.#cancel = environment.after(OPENING_MS, () => this.giveUp());
  }

  /** It is no good: over at once, whatever becomes of it. */
  giveUp(): void {
    this.#over(NO_WORD);
    this.#socket.close(1000, "");
  }

  /** Sends, if it is open. */
  send(frame: WireFrame): void {
    if (this.#state === "open") this.#socket.send(frame);
  }

  /** Ends it. */
  close(code: number, reason: string): void {
    this.#cancel();
    this.#socket.close(code, reason);
  }

  #opened(): void {
    if (this.#state !== "opening") return;
    this.#cancel();
    this.#state = "open";
    this.#events.opened();
  }

  #over(code: number): void {
    if (this.#state === "over") return;
    this.#cancel();
    this.#state = "over";
    this.#events.closed(code);
  }
}
