import type { Environment } from "./environment.ts";
import { Heartbeat } from "./heartbeat.ts";
import { TokenRenewal } from "./token-renewal.ts";
import type { TokenSource } from "./token-source.ts";

/** What it takes to keep a connection up. */
export interface UpkeepOptions {
  readonly environment: Environment;
  readonly tokens: TokenSource;
  /** The token that the connection was opened with. */
  readonly token: string;
  readonly heartbeatMs: number;
  /** How long a ping may go without any answer, in milliseconds. */
  readonly silenceMs: number;
  /** Asks the server for a sign of life. */
  readonly ping: () => void;
  /** Asks for one that comes at once. */
  readonly probe: () => void;
  /** There was none for so many milliseconds: called at most once. */
  readonly dead: (forMs: number) => void;
  /** Hands a new token to the server. */
  readonly refreshToken: (token: string) => void;
}

/** Keeps one greeted connection up: its other end alive, and its token from ending. */
export class Upkeep {
  readonly #heartbeat: Heartbeat;
  readonly #renewal: TokenRenewal;

  /** Starts at once. */
  constructor(options: UpkeepOptions) {
    const { environment, tokens, token, heartbeatMs, refreshToken } = options;
    this.#heartbeat = new Heartbeat({ ...options, intervalMs: heartbeatMs });
    this.#renewal = new TokenRenewal(environment, tokens, token, refreshToken);
  }

  /** The token that the server knows this connection by. */
  get token(): string {
    return this.#renewal.token;
  }

  /** Something came in, whatever it was. */
  heard(): void {
    this.#heartbeat.heard();
  }

  /** Asks whether anybody is there; who does not answer within 3 s is dead. */
  probe(): void {
    this.#heartbeat.probe();
  }

  /** The server took the new token. */
  tokenAccepted(): void {
    this.#renewal.accepted();
  }

  /** Ends it: nothing is asked or handed over any more. */
  stop(): void {
    this.#heartbeat.stop();
    this.#renewal.stop();
  }
}
