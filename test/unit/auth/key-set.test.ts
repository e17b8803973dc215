import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createVerifier, type Verifier, type VerifierOptions } from "../../../src/auth/verifier.ts";
import { ProtocolError } from "../../../src/protocol/error.ts";

const NOW = Date.UTC(2026, 0, 1);
const SECRET = "a-secret-of-the-unit-tests";
const JWKS = "https://issuer.test/jwks.json";
/** How long jose trusts a key set over a key id that it lacks. */
const COOLDOWN_MS = 30_000;

type SigningKey = Parameters<SignJWT["sign"]>[0];

interface Pair {
  readonly jwk: JWK;
  readonly spki: string;
  sign(claims?: object): Promise<string>;
}

async function pair(alg: string, kid: string): Promise<Pair> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg },
    spki: await exportSPKI(publicKey),
    sign: (claims = {}) => sign(alg, kid, privateKey, claims),
  };
}

function sign(alg: string, kid: string, key: SigningKey, claims: object = {}): Promise<string> {
  return new SignJWT({ sub: "ada", exp: NOW / 1000 + 3_600, ...claims })
    .setProtectedHeader({ alg, kid })
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
  answer: () => Response | Promise<Response> = () => Response.json({ keys: this.keys });

  verifier(options: VerifierOptions = {}): Verifier {
    const fetch = async () => {
      this.fetches += 1;
      return this.answer();
    };
    return createVerifier({ jwksUrl: JWKS, ...options }, { now: () => NOW, fetch });
  }
}

let issuer: Issuer;
let old: Pair;

beforeEach(async () => {
  issuer = new Issuer();
  old = await pair("ES256", "old");
  issuer.keys = [old.jwk];
  // Only the date: jose decides by it whether its copy of the keys is fresh.
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a rotated key", () => {
  it("is fetched when a token names it, but not more often than the cooldown allows", async () => {
    const verifier = issuer.verifier();
    expect(await verdict(verifier, await old.sign())).toBe("ada");
    const next = await pair("ES256", "next");
    issuer.keys = [old.jwk, next.jwk];
    expect(await verdict(verifier, await next.sign())).toBe("unauthorized");
    expect(issuer.fetches).toBe(1);
    vi.setSystemTime(NOW + COOLDOWN_MS + 1);
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
    expect(await verdict(verifier, await old.sign())).toBe("ada");
  });

  it("does not stop tokens of the secret, nor those of keys it already has", async () => {
    const verifier = issuer.verifier({ secret: SECRET });
    await verdict(verifier, await old.sign());
    issuer.answer = () => new Response("down", { status: 503 });
    expect(await verdict(verifier, await sign("HS256", "x", bytes(SECRET)))).toBe("ada");
    expect(await verdict(verifier, await old.sign())).toBe("ada");
  });
});

describe("algorithm and key", () => {
  it("stay apart when secret and key set are both configured", async () => {
    const rsa = await pair("RS256", "rsa");
    issuer.keys = [rsa.jwk];
    const verifier = issuer.verifier({ secret: SECRET });
    expect(await verdict(verifier, await rsa.sign())).toBe("ada");
    for (const key of [rsa.spki, JSON.stringify(rsa.jwk), rsa.jwk.n ?? ""]) {
      expect(await verdict(verifier, await sign("HS256", "rsa", bytes(key)))).toBe("unauthorized");
    }
  });

  it("must fit: no PS256, no HS512, no key of another kind under the same id", async () => {
    const verifier = issuer.verifier({ secret: SECRET });
    const ps = await pair("PS256", "ps");
    issuer.keys = [ps.jwk, old.jwk];
    expect(await verdict(verifier, await ps.sign())).toBe("unauthorized");
    const long = bytes(SECRET.repeat(3));
    expect(
      await verdict(issuer.verifier({ secret: SECRET.repeat(3) }), await sign("HS512", "x", long)),
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
  const verifier = issuer.verifier({ secret: SECRET });
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

it("never repeats a token, a secret or a claim's value in a refusal", async () => {
  const verifier = createVerifier({ secret: SECRET, audience: "you" }, { now: () => NOW });
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
