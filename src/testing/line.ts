import type { WireMessage } from "../protocol/bundle.ts";
import type { Cancel } from "./virtual-clock.ts";

/** One end of a line, as whoever holds it is told what comes. */
export interface LineEnd {
  message(message: WireMessage): void;
  /** The line is over; `isClean` when the other end said so. */
  closed(code: number, reason: string, isClean: boolean): void;
}

/** How things go on a line. */
export interface LineOptions {
  readonly now: () => number;
  readonly after: (delayMs: number, run: () => void) => Cancel;
  /** How long a message to the server takes, in milliseconds; drawn anew for each. */
  readonly upMs: () => number;
  /** How long a message to the client takes. */
  readonly downMs: () => number;
}

/** The close code of a connection that ended without a word (RFC 6455 §7.1.5). */
const NO_WORD = 1006;

/** How long the answer to a close is waited for, in milliseconds. */
const GIVE_UP_MS = 10_000;

/** How soon either end of a line notices that it is cut, in milliseconds; never when absent. */
export interface Loss {
  readonly clientMs?: number | undefined;
  readonly serverMs?: number | undefined;
}

/**
 * A WebSocket as a pair of ends with a network between: each direction keeps order and takes its
 * time. What is on its way when the line is cut is lost, and so is what is said after it; whether an
 * end notices at all is another matter.
 */
export class Line {
  readonly #options: LineOptions;
  readonly #up: Direction;
  readonly #down: Direction;
  #client: LineEnd | undefined;
  #server: LineEnd | undefined;
  #isCut = false;

  /** @param client the end that opened it. */
  constructor(options: LineOptions, client: LineEnd) {
    this.#options = options;
    this.#up = new Direction(options, options.upMs);
    this.#down = new Direction(options, options.downMs);
    this.#client = client;
  }

  /** Whether the client may still hear of it. */
  get isOpen(): boolean {
    return this.#client !== undefined;
  }

  /** Runs something at the server after the time that a message to it takes. */
  arrive(run: () => void): void {
    this.#up.send(run);
  }

  /** The server takes the line. */
  accept(server: LineEnd): void {
    if (this.#isCut) return;
    this.#server = server;
  }

  /** The client says something. */
  sendUp(message: WireMessage): void {
    this.#up.send(() => this.#server?.message(message));
  }

  /** The client ends it. */
  closeUp(code: number, reason: string): void {
    this.#up.send(() => {
      this.#endServer(code, reason, true);
      this.#down.send(() => this.#endClient(code, reason, true));
    });
    if (this.#isCut) this.cut({ clientMs: GIVE_UP_MS });
  }

  /** The server says something. */
  sendDown(message: WireMessage): void {
    this.#down.send(() => this.#client?.message(message));
  }

  /** The server ends it; it is over for the server when the client has agreed. */
  closeDown(code: number, reason: string): void {
    this.#down.send(() => {
      this.#endClient(code, reason, true);
      this.#up.send(() => this.#endServer(code, reason, true));
    });
    if (this.#isCut) this.cut({ serverMs: GIVE_UP_MS });
  }

  /** For so many milliseconds nothing gets through; then all of it does. */
  stall(ms: number): void {
    this.#up.stall(ms);
    this.#down.stall(ms);
  }

  /** The network between is gone. */
  cut({ clientMs, serverMs }: Loss): void {
    this.#isCut = true;
    this.#up.cut();
    this.#down.cut();
    const { after } = this.#options;
    if (clientMs !== undefined) after(clientMs, () => this.#endClient(NO_WORD, "", false));
    if (serverMs !== undefined) after(serverMs, () => this.#endServer(NO_WORD, "", false));
  }

  /**
   * The server is gone, and can be told nothing. What it had said arrives, and then the client
   * notices; or neither.
   */
  abandon(isNoticed: boolean): void {
    this.#server = undefined;
    this.#up.cut();
    if (isNoticed) this.#down.send(() => this.#endClient(NO_WORD, "", false));
    else this.#down.cut();
  }

  #endClient(code: number, reason: string, isClean: boolean): void {
    const client = this.#client;
    this.#client = undefined;
    client?.closed(code, reason, isClean);
  }

  #endServer(code: number, reason: string, isClean: boolean): void {
    const server = this.#server;
    this.#server = undefined;
    server?.closed(code, reason, isClean);
  }
}

/** One direction: first in, first out. */
class Direction {
  readonly #options: LineOptions;
  readonly #delayMs: () => number;
  #lastAt = Number.NEGATIVE_INFINITY;
  #isCut = false;

  constructor(options: LineOptions, delayMs: () => number) {
    this.#options = options;
    this.#delayMs = delayMs;
  }

  send(arrive: () => void): void {
    if (this.#isCut) return;
    const { now, after } = this.#options;
    this.#lastAt = Math.max(this.#lastAt, now() + this.#delayMs());
    after(this.#lastAt - now(), () => {
      if (!this.#isCut) arrive();
    });
  }

  stall(ms: number): void {
    this.#lastAt = Math.max(this.#lastAt, this.#options.now() + ms);
  }

  cut(): void {
    this.#isCut = true;
  }
}
