import type { Cancel, Environment } from "./environment.ts";
import { expiryMs } from "./token-claims.ts";
import type { TokenSource } from "./token-source.ts";

/** How long before a token's end a new one is asked for. */
const AHEAD_MS = 60_000;
/** Of a short life, this much is used before that. */
const SHORT_LIFE_SHARE = 0.8;
/** With less than this left it is too late: the server closes with 4401, and that path renews. */
const TOO_LATE_MS = 1_000;
/** Timers take 31 bits of milliseconds: a longer wait is walked in steps of a day. */
const LONGEST_STEP_MS = 86_400_000;

/** Keeps one connection's token fresh, so that it outlives the token it was opened with. */
export class TokenRenewal {
  readonly #environment: Environment;
  readonly #tokens: TokenSource;
  readonly #send: (token: string) => void;
  #token: string;
  #offered: string | undefined;
  #cancel: Cancel | undefined;
  #stopped = false;

  /** Starts at once. `send` hands a new token to the server. */
  constructor(
    environment: Environment,
    tokens: TokenSource,
    token: string,
    send: (token: string) => void,
  ) {
    this.#environment = environment;
    this.#tokens = tokens;
    this.#token = token;
    this.#send = send;
    this.#schedule();
  }

  /** The token that the server knows this connection by. */
  get token(): string {
    return this.#token;
  }

  /** The server took the token that was sent last. */
  accepted(): void {
    if (this.#offered === undefined) return;
    this.#token = this.#offered;
    this.#offered = undefined;
    this.#schedule();
  }

  /** Ends it: nothing is sent any more. */
  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #schedule(): void {
    this.#cancel?.();
    const expiresAt = expiryMs(this.#token);
    if (!this.#tokens.renewable || this.#stopped || expiresAt === undefined) return;
    const leftMs = expiresAt - this.#environment.now();
    if (leftMs < TOO_LATE_MS) return;
    const dueMs = Math.max(leftMs * SHORT_LIFE_SHARE, leftMs - AHEAD_MS);
    const delayMs = Math.max(dueMs, this.#tokens.restMs);
    this.#cancel =
      delayMs > LONGEST_STEP_MS
        ? this.#environment.after(LONGEST_STEP_MS, () => this.#schedule())
        : this.#environment.after(delayMs, () => this.#renew());
  }

  #renew(): void {
    this.#tokens.renew(this.#token).then(
      (token) => {
        if (this.#stopped) return;
        if (token === this.#token) {
          this.#schedule();
          return;
        }
        this.#offered = token;
        this.#send(token);
      },
      // Asked again in what is left of the old one's life.
      () => this.#schedule(),
    );
  }
}
