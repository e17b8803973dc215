import {
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwtVerify,
} from "jose";
import { ProtocolError } from "../protocol/error.ts";

/** After this long the keys are fetched anew behind a request that still uses the old ones. */
const FRESH_MS = 10 * 60_000;
/** While the issuer is away its keys are used for so long: a day's outage locks nobody out. */
const USABLE_MS = 24 * 3_600_000;
/** A failed fetch is not tried again before: strangers' tokens must not flood a struggling issuer. */
const FAILURE_MS = 10_000;
/** A token that names an unknown key asks for the keys anew, but no more often than this. */
const UNKNOWN_KEY_MS = 30_000;
const FETCH_TIMEOUT_MS = 5_000;
/** A fetch whose request was ended by the platform never says so: after this it counts as gone. */
const ABANDONED_MS = FETCH_TIMEOUT_MS + 1_000;
/** How long a request waits for another's fetch, and how often it looks. */
const WAIT_MS = 2_000;
const LOOK_MS = 25;

/** What a key set needs of the world; the platform's own by default. */
export interface KeySetWorld {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  readonly pause?: (ms: number) => Promise<void>;
}

/** Keeps work going beyond the answer to the request that began it. It never rejects. */
export type Background = (work: Promise<void>) => void;

interface Known {
  readonly keys: ReturnType<typeof createLocalJWKSet>;
  readonly fetchedAt: number;
}

/**
 * The public keys of an issuer (RFC 7517). Kept for all requests of an isolate, but no promise is:
 * a Worker may not await another request's. So a time says that a fetch is under way, and whoever
 * needs its outcome looks now and then.
 */
export class KeySet {
  readonly #url: string;
  readonly #now: () => number;
  readonly #fetch: NonNullable<KeySetWorld["fetch"]>;
  readonly #pause: NonNullable<KeySetWorld["pause"]>;
  #known: Known | undefined;
  #fetchingSince = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(url: string, world: KeySetWorld = {}) {
    this.#url = url;
    this.#now = world.now ?? Date.now;
    this.#fetch = world.fetch ?? ((input, init) => fetch(input, init));
    this.#pause = world.pause ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  }

  /**
   * Verifies a token by the key that it names; without a name, by each that fits its algorithm.
   *
   * @throws {ProtocolError} `internal`, retryable, when there are no keys to be had.
   * @throws {errors.JOSEError} when the token is not accepted.
   */
  async verify(
    token: string,
    checks: JWTVerifyOptions,
    background: Background,
  ): Promise<JWTVerifyResult> {
    const known = await this.#usable(background);
    try {
      return await verifyBy(known, token, checks);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const isNew = isWithin(UNKNOWN_KEY_MS, known.fetchedAt, this.#now());
      if (this.#known === known && isNew) throw error;
      return verifyBy(await this.#newerThan(known), token, checks);
    }
  }

  async #usable(background: Background): Promise<Known> {
    const known = this.#known;
    const now = this.#now();
    if (known === undefined || !isWithin(USABLE_MS, known.fetchedAt, now)) {
      return this.#newerThan(known);
    }
    const isStale = !isWithin(FRESH_MS, known.fetchedAt, now);
    if (isStale && !this.#isFetching(now) && !this.#hasFailed(now)) {
      background(this.#load().then(nothing, nothing));
    }
    return known;
  }

  async #newerThan(older: Known | undefined): Promise<Known> {
    const deadline = this.#now() + WAIT_MS;
    for (;;) {
      const now = this.#now();
      if (this.#known !== undefined && this.#known !== older) return this.#known;
      if (this.#hasFailed(now)) throw unavailable(this.#failedAt + FAILURE_MS - now);
      if (!this.#isFetching(now)) return this.#load();
      if (now >= deadline) throw unavailable(WAIT_MS);
      await this.#pause(LOOK_MS);
    }
  }

  async #load(): Promise<Known> {
    this.#fetchingSince = this.#now();
    try {
      const response = await this.#fetch(this.#url, {
        headers: { Accept: "application/json, application/jwk-set+json" },
        redirect: "manual",
        signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
      });
      if (response.status !== 200) throw new Error(`The issuer answered ${response.status}.`);
      const keys = createLocalJWKSet((await response.json()) as JSONWebKeySet);
      this.#known = { keys, fetchedAt: this.#now() };
      this.#failedAt = Number.NEGATIVE_INFINITY;
      return this.#known;
    } catch {
      this.#failedAt = this.#now();
      throw unavailable(FAILURE_MS);
    } finally {
      this.#fetchingSince = Number.NEGATIVE_INFINITY;
    }
  }

  #isFetching(now: number): boolean {
    return isWithin(ABANDONED_MS, this.#fetchingSince, now);
  }

  #hasFailed(now: number): boolean {
    return isWithin(FAILURE_MS, this.#failedAt, now);
  }
}

/** Whether two times are less than so many milliseconds apart, whichever is later: clocks are set back. */
function isWithin(ms: number, since: number, now: number): boolean {
  return Math.abs(now - since) < ms;
}

const keySets = new Map<string, KeySet>();

/** The one key set that everything in this isolate shares, by its address. */
export function keySetOf(url: string): KeySet {
  let keySet = keySets.get(url);
  if (keySet === undefined) {
    keySet = new KeySet(url);
    keySets.set(url, keySet);
  }
  return keySet;
}

async function verifyBy(
  { keys }: Known,
  token: string,
  checks: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(token, keys, checks);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return await jwtVerify(token, key, checks);
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function unavailable(retryAfterMs: number): ProtocolError {
  const message = "The keys that verify tokens could not be fetched. Try again later.";
  return new ProtocolError("internal", message, Math.max(1, Math.ceil(retryAfterMs)));
}

function nothing(): void {
  // A refresh that fails is remembered as failed; its request has been answered by the old keys.
}
