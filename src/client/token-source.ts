import { within } from "./deadline.ts";
import type { Environment } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import { expiryMs } from "./token-claims.ts";

/**
 * A token, or what to call for one whenever a new one is needed. It is given the token that the
 * server has just refused, if that is why: a copy kept somewhere is no good then, however fresh it
 * looks by this device's clock.
 */
export type TokenOption = string | ((refused?: string) => string | Promise<string>);

/** A token with less than this left, in milliseconds, is not worth connecting with. */
const USELESS_MS = 5_000;
/** Renewals ask for a token at most this often, in milliseconds, whatever the device's clock says. */
const RENEWAL_GAP_MS = 30_000;
/** A token function that has not answered by then, in milliseconds, is asked anew the next time. */
const ANSWER_MS = 30_000;

/** The tokens of one client, shared by its rooms: one renewal serves them all. */
export class TokenSource {
  readonly #option: TokenOption;
  readonly #environment: Environment;
  #last: string | undefined;
  #asking: Promise<string> | undefined;
  #askedAt = 0;

  constructor(option: TokenOption, environment: Environment) {
    this.#option = option;
    this.#environment = environment;
  }

  /** Whether there is anyone to ask for another token. */
  get renewable(): boolean {
    return typeof this.#option === "function";
  }

  /** The token that was had last; `undefined` before the first. */
  get last(): string | undefined {
    return this.#last;
  }

  /**
   * A token: the last one while it lives, else a new one.
   *
   * @throws whatever the application's function throws, or {@link RealtimeError} `timeout`.
   */
  async get(): Promise<string> {
    return this.#living() ?? this.#ask();
  }

  /** How long until a renewal asks for another one at the earliest, in milliseconds. */
  get restMs(): number {
    // A wall clock may be set back; that must not put off a renewal for long.
    const elapsedMs = Math.max(0, this.#environment.now() - this.#askedAt);
    return Math.max(0, RENEWAL_GAP_MS - elapsedMs);
  }

  /** A token in place of one that is about to end; the same again if there is no other yet. */
  async renew(stale: string): Promise<string> {
    const other = this.#living(stale);
    if (other !== undefined) return other;
    // By a clock that runs ahead every new token is about to end.
    return this.restMs > 0 && this.#last !== undefined ? this.#last : this.#ask();
  }

  /** A token in place of one that the server refused; the same again if there is no other. */
  async replace(refused: string): Promise<string> {
    const other = this.#living(refused);
    if (other !== undefined) return other;
    const isShared = this.#asking !== undefined;
    const token = await this.#ask(refused);
    // Whoever asked first may not have known that it is refused.
    return token === refused && isShared ? this.#ask(refused) : token;
  }

  #living(except?: string): string | undefined {
    const last = this.#last;
    if (last === undefined || last === except) return undefined;
    const expiresAt = expiryMs(last) ?? Number.POSITIVE_INFINITY;
    return expiresAt - this.#environment.now() > USELESS_MS ? last : undefined;
  }

  #ask(refused?: string): Promise<string> {
    this.#asking ??= this.#call(refused).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #call(refused: string | undefined): Promise<string> {
    this.#askedAt = this.#environment.now();
    const option = this.#option;
    const token: unknown =
      typeof option === "function" ? await this.#inTime(option(refused)) : option;
    if (typeof token !== "string" || token === "") {
      throw RealtimeError.invalid("unauthorized", "The token function gave no token.");
    }
    this.#last = token;
    return token;
  }

  #inTime(answer: string | Promise<string>): Promise<string> {
    return within(this.#environment, answer, { timeoutMs: ANSWER_MS }, (code) =>
      RealtimeError.local(code, "The token function took too long."),
    );
  }
}
