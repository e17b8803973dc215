import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { KeySet } from "../../../src/auth/key-set.ts";
import { createVerifier, type Verifier, type VerifierOptions } from "../../../src/auth/verifier.ts";
import { ProtocolError } from "../../../src/protocol/error.ts";

const NOW = Date.UTC(2026, 0, 1);
const SECRET = "a-secret-of-the-unit-tests";
const JWKS = "https://issuer.test/jwks.json";
/** How long a key set is trusted over a key id that it lacks. */
const COOLDOWN_MS = 30_000;
/** How long a failed fetch is remembered. */
const FAILURE_MS = 10_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

type SigningKey = Parameters<SignJWT["sign"]>[0];

interface Pair {
  readonly jwk: JWK;
  readonly spki: string;
  /** @param named the key id that the token names; `null` for none. */
  sign(claims?: object, named?: string | null): Promise<string>;
}

async function pair(alg: string, kid: string): Promise<Pair> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg },
    spki: await exportSPKI(publicKey),
    sign: (claims = {}, named = kid) => sign(alg, named, privateKey, claims),
  };
}

function sign(
  alg: string,
  kid: string | null,
  key: SigningKey,
  claims: object = {},
): Promise<string> {
  return new SignJWT({ sub: "ada", exp: NOW / 1000 + 3_600, ...claims })
    .setProtectedHeader({ alg, ...(kid === null ? {} : { kid }) })
    .sign(key);
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function verdict(verifier: Verifier, token: string): Promise<string> {
  try {
    return (await verifier.verify(token)).userId;
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

/** An issuer whose answer and keys can change, and that counts how often it was asked. */
class Issuer {
  keys: readonly JWK[] = [];
  fetches = 0;
  now = NOW;
  /** What goes on behind an answer. */
  readonly behind: Promise<void>[] = [];
  answer: () => Response | Promise<Response> = () => Response.json({ keys: this.keys });

  verifier(options: VerifierOptions = {}): Verifier {
    const now = () => this.now;
    const keySet = new KeySet(JWKS, {
      now,
      fetch: async () => {
        this.fetches += 1;
        return this.answer();
      },
      // Whoever waits for another's fetch lets the rest go on, and time passes.
      pause: async (ms) => {
        const until = this.now + ms;
        await new Promise((resolve) => setImmediate(resolve));
        this.now = Math.max(this.now, until);
      },
    });
    const background = (work: Promise<void>) => void this.behind.push(work);
    return createVerifier({ jwksUrl: JWKS, ...options }, { now, keySet, background });
  }
}

let issuer: Issuer;
let old: Pair;

beforeEach(async () => {
  issuer = new Issuer();
  old = await pair("ES256", "old");
  issuer.keys = [old.jwk];
});

describe("a rotated key", () => {
  it("is fetched when a token names it, but not more often than the cooldown allows", async () => {
    const verifier = issuer.verifier();
    expect(await verdict(verifier, await old.sign())).toBe("ada");
    const next = await pair("ES256", "next");
    issuer.keys = [old.jwk, next.jwk];
    expect(await verdict(verifier, await next.sign())).toBe("unauthorized");
    expect(issuer.fetches).toBe(1);
    issuer.now += COOLDOWN_MS;
    expect(await verdict(verifier, await next.sign())).toBe("ada");
    expect(await verdict(verifier, await old.sign())).toBe("ada");
    expect(issuer.fetches).toBe(2);
  });

  it("of nobody's does not make strangers' tokens a way to flood the issuer", async () => {
    const verifier = issuer.verifier();
    const unknown = await pair("ES256", "unknown");
    for (let i = 0; i < 5; i++) await verdict(verifier, await unknown.sign());
    expect(issuer.fetches).toBe(1);
  });
});

describe("a key set that cannot be had", () => {
  it.each<[string, () => Response]>([
    ["an error", () => new Response("down", { status: 503 })],
    ["a page that is no JSON", () => new Response("<html>")],
    ["JSON that is no key set", () => Response.json({ message: "maintenance" })],
    [
      "a network that fails as browsers say it",
      () => {
        throw new TypeError("fetch failed");
      },
    ],
    [
      "a network that fails as workerd says it",
      () => {
        throw new Error("Network connection lost.");
      },
    ],
  ])("because of %s is our failure, not the token's, and passes", async (_, answer) => {
    const verifier = issuer.verifier();
    const { answer: healthy } = issuer;
    issuer.answer = answer;
    expect(await verdict(verifier, await old.sign())).toBe("internal");
    issuer.answer = healthy;
    issuer.now += FAILURE_MS;
    expect(await verdict(verifier, await old.sign())).toBe("ada");
  });

  it("is asked for again after ten seconds and no sooner, and says when", async () => {
    const verifier = issuer.verifier();
    issuer.answer = () => new Response("down", { status: 503 });
    await verdict(verifier, await old.sign());
    issuer.now += 4_000;
    for (let i = 0; i < 100; i++) {
      const refused = await verifier.verify(await old.sign()).catch((reason: unknown) => reason);
      expect(refused).toMatchObject({
        refusal: { code: "internal", retryable: true, retryAfterMs: FAILURE_MS - 4_000 },
      });
    }
    expect(issuer.fetches).toBe(1);
    issuer.now += 6_000;
    await verdict(verifier, await old.sign());
    expect(issuer.fetches).toBe(2);
  });

  it("is fetched once for 200 junk tokens at once, whether it comes, fails or hangs", async () => {
    const junk = await pair("ES256", "junk");
    const token = await junk.sign();
    const { answer: healthy } = issuer;
    const hangs = () => new Promise<Response>(() => undefined);
    const down = () => new Response("down", { status: 503 });
    for (const [answer, code] of [
      [healthy, "unauthorized"],
      [down, "internal"],
      [hangs, "internal"],
    ] as const) {
      issuer = new Issuer();
      issuer.keys = [old.jwk];
      issuer.answer = answer;
      const verifier = issuer.verifier();
      const all = Array.from({ length: 200 }, () => verdict(verifier, token));
      const told = await Promise.all(answer === hangs ? all.slice(1) : all);
      expect(new Set(told)).toEqual(new Set([code]));
      expect(issuer.fetches).toBe(1);
    }
  });

  it("is fetched anew when the request that was fetching it has been ended by the platform", async () => {
    const verifier = issuer.verifier();
    const { answer: healthy } = issuer;
    issuer.answer = () => new Promise<Response>(() => undefined);
    void verdict(verifier, await old.sign());
    expect(await verdict(verifier, await old.sign())).toBe("internal");
    issuer.answer = healthy;
    issuer.now += 6_000;
    expect(await verdict(verifier, await old.sign())).toBe("ada");
  });

  it("does not stop tokens of the secret, nor those of keys it already has", async () => {
    const verifier = issuer.verifier({ secrets: [SECRET] });
    await verdict(verifier, await old.sign());
    issuer.answer = () => new Response("down", { status: 503 });
    expect(await verdict(verifier, await sign("HS256", "x", bytes(SECRET)))).toBe("ada");
    expect(await verdict(verifier, await old.sign())).toBe("ada");
  });
});

describe("an issuer that is away", () => {
  it("locks nobody out for a day, and is asked behind the answers, every ten seconds at most", async () => {
    const verifier = issuer.verifier();
    const { answer: healthy } = issuer;
    const token = await old.sign({ exp: NOW / 1000 + 200_000 });
    await verdict(verifier, token);
    issuer.answer = () => new Response("down", { status: 503 });
    for (const awayMs of [11 * MINUTE_MS, HOUR_MS, 23 * HOUR_MS]) {
      issuer.now = NOW + awayMs;
      const before = issuer.fetches;
      for (let i = 0; i < 20; i++) expect(await verdict(verifier, token)).toBe("ada");
      await Promise.all(issuer.behind);
      for (let i = 0; i < 20; i++) expect(await verdict(verifier, token)).toBe("ada");
      expect(issuer.fetches).toBe(before + 1);
    }
    const unknown = await pair("ES256", "unknown");
    expect(await verdict(verifier, await unknown.sign({ exp: NOW / 1000 + 200_000 }))).toBe(
      "internal",
    );
    issuer.now = NOW + 25 * HOUR_MS;
    expect(await verdict(verifier, token)).toBe("internal");
    issuer.answer = healthy;
    issuer.now += FAILURE_MS;
    expect(await verdict(verifier, token)).toBe("ada");
  });

  it("that hangs holds up nobody who has a key that is known", async () => {
    const verifier = issuer.verifier();
    const token = await old.sign({ exp: NOW / 1000 + 200_000 });
    await verdict(verifier, token);
    issuer.answer = () => new Promise<Response>(() => undefined);
    issuer.now = NOW + 11 * MINUTE_MS;
    for (let i = 0; i < 20; i++) expect(await verdict(verifier, token)).toBe("ada");
    expect([issuer.fetches, issuer.now]).toEqual([2, NOW + 11 * MINUTE_MS]);
  });

  it("has its new keys taken up behind an answer once ours are ten minutes old", async () => {
    const verifier = issuer.verifier();
    await verdict(verifier, await old.sign());
    const next = await pair("ES256", "next");
    issuer.keys = [next.jwk];
    issuer.now = NOW + 10 * MINUTE_MS;
    expect(await verdict(verifier, await old.sign())).toBe("ada");
    await Promise.all(issuer.behind);
    expect(await verdict(verifier, await next.sign())).toBe("ada");
    expect(await verdict(verifier, await old.sign())).toBe("unauthorized");
    expect(issuer.fetches).toBe(2);
  });
});

it("tries each key that fits a token which names none", async () => {
  const other = await pair("ES256", "other");
  const nameless = ({ kid: _, ...jwk }: JWK) => jwk;
  issuer.keys = [nameless(other.jwk), nameless(old.jwk)];
  const verifier = issuer.verifier();
  expect(await verdict(verifier, await old.sign({}, null))).toBe("ada");
  expect(await verdict(verifier, await (await pair("ES256", "x")).sign({}, null))).toBe(
    "unauthorized",
  );
});

describe("algorithm and key", () => {
  it("stay apart when secret and key set are both configured", async () => {
    const rsa = await pair("RS256", "rsa");
    issuer.keys = [rsa.jwk];
    const verifier = issuer.verifier({ secrets: [SECRET] });
    expect(await verdict(verifier, await rsa.sign())).toBe("ada");
    for (const key of [rsa.spki, JSON.stringify(rsa.jwk), rsa.jwk.n ?? ""]) {
      expect(await verdict(verifier, await sign("HS256", "rsa", bytes(key)))).toBe("unauthorized");
    }
  });

  it("must fit: no PS256, no HS512, no key of another kind under the same id", async () => {
    const verifier = issuer.verifier({ secrets: [SECRET] });
    const ps = await pair("PS256", "ps");
    issuer.keys = [ps.jwk, old.jwk];
    expect(await verdict(verifier, await ps.sign())).toBe("unauthorized");
    const long = bytes(SECRET.repeat(3));
    expect(
      await verdict(
        issuer.verifier({ secrets: [SECRET.repeat(3)] }),
        await sign("HS512", "x", long),
      ),
    ).toBe("unauthorized");
    const impostor = await pair("RS256", "old");
    expect(await verdict(verifier, await impostor.sign())).toBe("unauthorized");
  });

  it("asks the issuer nothing for a token it could never accept", async () => {
    const verifier = issuer.verifier();
    await verdict(verifier, await sign("HS256", "old", bytes(SECRET)));
    await verdict(verifier, "abc");
    expect(issuer.fetches).toBe(0);
  });
});

describe("claims of a key set's token", () => {
  it.each([
    ["the right issuer and audience", { iss: "me", aud: ["other", "you"] }, "ada"],
    ["another issuer", { iss: "you", aud: "you" }, "unauthorized"],
    ["another audience", { iss: "me", aud: "me" }, "unauthorized"],
    ["its end behind it", { iss: "me", aud: "you", exp: NOW / 1000 }, "token_expired"],
    ["its beginning ahead of it", { iss: "me", aud: "you", nbf: NOW / 1000 + 60 }, "unauthorized"],
  ])("with %s", async (_, claims, expected) => {
    const verifier = issuer.verifier({ issuer: "me", audience: "you" });
    expect(await verdict(verifier, await old.sign(claims))).toBe(expected);
  });
});

it("takes no stranger's token for our own failure, whatever it is made of", async () => {
  const verifier = issuer.verifier({ secrets: [SECRET] });
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const headers = [
    { alg: "HS256" },
    { alg: "ES256", kid: "old" },
    { alg: "ES256", kid: 1 },
    { alg: "EdDSA", kid: "old", crit: ["x"] },
    { alg: "HS256", b64: false, crit: ["b64"] },
    { alg: ["HS256"] },
    { alg: "__proto__" },
    null,
  ];
  for (const header of headers) {
    for (const claims of [{ sub: "ada" }, [], null, "x"]) {
      for (const signature of ["", "AA", "*", "é", "A".repeat(86), "A".repeat(2_000)]) {
        const token = `${part(header)}.${part(claims)}.${signature}`;
        expect(await verdict(verifier, token), token).toBe("unauthorized");
      }
    }
  }
});

it("never repeats a token, a secret or a claim's value in a refusal (P9.8)", async () => {
  const verifier = createVerifier({ secrets: [SECRET], audience: "you" }, { now: () => NOW });
  const tokens = [
    await sign("HS256", "x", bytes(SECRET), { aud: "hush-hush" }),
    await sign("HS256", "x", bytes("hush-hush")),
    await sign("HS256", "x", bytes(SECRET), { aud: "you", name: `hush-hush${"x".repeat(80)}` }),
    "hush-hush",
  ];
  for (const token of tokens) {
    const error = await verifier.verify(token).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProtocolError);
    expect(JSON.stringify((error as ProtocolError).refusal)).not.toMatch(/hush|eyJ|a-secret/);
  }
});
