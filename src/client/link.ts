import type { Environment, Socket } from "./environment.ts";

/** What its owner hears of a link until it drops it. */
export interface LinkEvents {
  message(data: unknown): void;
  close(code: number): void;
}

/** One WebSocket that can be let go of: once dropped, nothing of it reaches its owner any more. */
export class Link {
  /** Resolves when the socket is closed, dropped or not. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  #isDropped = false;

  /** @throws whatever the platform says to a URL or subprotocol that is not well-formed. */
  constructor(
    environment: Environment,
    url: string,
    protocols: readonly string[],
    events: LinkEvents,
  ) {
    const closed = Promise.withResolvers<void>();
    this.closed = closed.promise;
    this.#socket = environment.openSocket(url, protocols, {
      message: (data) => {
        if (!this.#isDropped) events.message(data);
      },
      close: (code) => {
        closed.resolve();
        if (!this.#isDropped) events.close(code);
      },
    });
  }

  /** Sends on a socket that has been greeted. */
  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(data);
  }

  /**
   * Lets go, without waiting for the other side to agree.
   *
   * @param code 1000, or 3000 to 4999: browsers allow no other.
   */
  drop(code: number, reason: string): void {
    this.#isDropped = true;
    this.#socket.close(code, reason);
  }
}
