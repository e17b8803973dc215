import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { isApiKey } from "../../../src/auth/api-key.ts";
import { KeySet, type KeySetWorld } from "../../../src/auth/key-set.ts";
import { mintToken } from "../../../src/auth/mint.ts";
import { createVerifier, type VerifierOptions } from "../../../src/auth/verifier.ts";
import { ProtocolError } from "../../../src/protocol/error.ts";

const NOW = Date.UTC(2026, 0, 1);
const SECRET = "a-secret-of-the-unit-tests";
const JWKS = "https://issuer.test/jwks.json";

function sign(claims: object, { alg = "HS256", key = bytes(SECRET) as never, kid = "k1" } = {}) {
  return new SignJWT({ exp: NOW / 1000 + 60, ...claims })
    .setProtectedHeader({ alg, kid })
    .sign(key);
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function keySetThat(fetch: NonNullable<KeySetWorld["fetch"]>): KeySet {
  return new KeySet(JWKS, { now: () => NOW, fetch });
}

/** The code that a token is refused with; `undefined` when it is accepted. */
async function refusalOf(
  token: string,
  options: VerifierOptions = { secrets: [SECRET] },
  world = {},
) {
  try {
    await createVerifier(options, { now: () => NOW, ...world }).verify(token);
    return undefined;
  } catch (error) {
    return error instanceof ProtocolError ? error.code : error;
  }
}

describe("HS256", () => {
  it("reads identity and grants from the claims, and drops permissions it does not know", async () => {
    const token = await sign({ sub: "ada", name: "Ada", rooms: { "*": ["read", "fly"] } });
    const identity = await createVerifier({ secrets: [SECRET] }, { now: () => NOW }).verify(token);
    expect(identity).toEqual({
      userId: "ada",
      name: "Ada",
      grants: { "*": ["read"] },
      expiresAt: NOW + 60_000,
    });
  });

  it("ends with the last whole millisecond of an exp with a fraction", async () => {
    const token = await sign({ sub: "ada", exp: NOW / 1000 + 1.2345 });
    const { expiresAt } = await createVerifier({ secrets: [SECRET] }, { now: () => NOW }).verify(
      token,
    );
    expect(expiresAt).toBe(NOW + 1_234);
  });

  it.each([
    ["a token that has ended", { sub: "ada", exp: NOW / 1000 - 1 }, "token_expired"],
    ["a token without sub", {}, "unauthorized"],
    ["an empty sub", { sub: "" }, "unauthorized"],
    ["a sub that no MessagePack map may have as a key", { sub: "__proto__" }, "unauthorized"],
    ["a sub that a URL would lose", { sub: ".." }, "unauthorized"],
    ["a sub of which nothing can be seen", { sub: " \u200b" }, "unauthorized"],
    ["a sub over 128 characters", { sub: "x".repeat(129) }, "unauthorized"],
    ["a name over 80 characters", { sub: "ada", name: "x".repeat(81) }, "unauthorized"],
    ["grants that are no lists", { sub: "ada", rooms: { "*": "read" } }, "unauthorized"],
    ["a token that never ends", { sub: "ada", exp: undefined }, "unauthorized"],
  ])("refuses %s", async (_, claims, code) => {
    expect(await refusalOf(await sign(claims))).toBe(code);
  });

  it.each([
    ["Jose\u0301", "Jos\u00e9"],
    ["\u202eAda\u0000\n ", "Ada"],
    ["\u202e\u200b", "ada"],
    ["", "ada"],
    [undefined, "ada"],
  ])("keeps nobody out for the name %j that somebody else's server gave", async (claim, name) => {
    const token = await sign({ sub: "ada", name: claim });
    const identity = await createVerifier({ secrets: [SECRET] }, { now: () => NOW }).verify(token);
    expect(identity.name).toBe(name);
  });

  it("lets in an id that turns text around, and names nobody by what it hides", async () => {
    const token = await sign({ sub: "ad\u202ea" });
    const identity = await createVerifier({ secrets: [SECRET] }, { now: () => NOW }).verify(token);
    expect(identity).toMatchObject({ userId: "ad\u202ea", name: "ada" });
  });

  it.each(["", "abc", "a.b.c", `${"x".repeat(9_000)}`])("refuses garbage (%#)", async (token) => {
    expect(await refusalOf(token)).toBe("unauthorized");
  });

  it("refuses another secret's token, and one that is not signed", async () => {
    expect(await refusalOf(await sign({ sub: "ada" }, { key: bytes("another") as never }))).toBe(
      "unauthorized",
    );
    const part = (value: object) => btoa(JSON.stringify(value)).replaceAll("=", "");
    expect(await refusalOf(`${part({ alg: "none" })}.${part({ sub: "ada", exp: NOW })}.`)).toBe(
      "unauthorized",
    );
  });

  it("checks issuer and audience when they are set (P2.3)", async () => {
    const options = { secrets: [SECRET], issuer: "me", audience: "you" };
    expect(
      await refusalOf(await sign({ sub: "ada", iss: "me", aud: "you" }), options),
    ).toBeUndefined();
    expect(await refusalOf(await sign({ sub: "ada", iss: "me", aud: "other" }), options)).toBe(
      "unauthorized",
    );
    expect(await refusalOf(await sign({ sub: "ada", aud: "you" }), options)).toBe("unauthorized");
  });

  it("accepts what this server mints", async () => {
    const signer = { secret: SECRET, issuer: "me", audience: "you" };
    const { token, expiresAt } = await mintToken(signer, { sub: "ada", ttlSeconds: 60 }, NOW);
    expect(expiresAt).toBe(new Date(NOW + 60_000).toISOString());
    expect(await refusalOf(token, { ...signer, secrets: [SECRET] })).toBeUndefined();
  });
});

describe("a key set", () => {
  it.each(["RS256", "ES256", "EdDSA"])(
    "verifies %s, fetching the keys once (P2.2)",
    async (alg) => {
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      const jwk = { ...(await exportJWK(publicKey)), kid: "k1", alg };
      let fetches = 0;
      const keySet = keySetThat(async () => {
        fetches += 1;
        return Response.json({ keys: [jwk] });
      });
      const verifier = createVerifier({ jwksUrl: JWKS }, { now: () => NOW, keySet });
      const token = await sign({ sub: "ada" }, { alg, key: privateKey as never });
      expect((await verifier.verify(token)).userId).toBe("ada");
      await verifier.verify(token);
      expect(fetches).toBe(1);
    },
  );

  it("never lets its public key verify an HS256 token (RFC 8725 §3.1) (P2.2)", async () => {
    const { publicKey } = await generateKeyPair("RS256", { extractable: true });
    const forged = await sign(
      { sub: "root" },
      { key: bytes(await exportSPKI(publicKey)) as never },
    );
    const jwk = { ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256" };
    const keySet = keySetThat(async () => Response.json({ keys: [jwk] }));
    expect(await refusalOf(forged, { jwksUrl: JWKS }, { keySet })).toBe("unauthorized");
  });

  it("refuses a key it does not hold, and says internal when it cannot be fetched", async () => {
    const { privateKey } = await generateKeyPair("ES256");
    const token = await sign({ sub: "ada" }, { alg: "ES256", key: privateKey as never });
    const none = { keySet: keySetThat(async () => Response.json({ keys: [] })) };
    expect(await refusalOf(token, { jwksUrl: JWKS }, none)).toBe("unauthorized");
    const down = { keySet: keySetThat(async () => new Response("down", { status: 503 })) };
    expect(await refusalOf(token, { jwksUrl: JWKS }, down)).toBe("internal");
    expect(await refusalOf(token, { secrets: [SECRET] })).toBe("unauthorized");
  });
});

it("takes any one of the API keys and nothing like them", async () => {
  const keys = ["key", "old-key"];
  for (const key of keys) expect(await isApiKey(key, keys)).toBe(true);
  for (const other of ["", "ke", "keys", "KEY", "key,old-key"]) {
    expect(await isApiKey(other, keys)).toBe(false);
  }
  expect(await isApiKey("", [])).toBe(false);
});

describe("secrets that are rotated", () => {
  const OLD = "the-secret-before-the-one-that-signs-now";

  it("verify whatever any of them signed, and nothing else", async () => {
    const options = { secrets: [SECRET, OLD] };
    const claims = { sub: "ada" };
    expect(await refusalOf(await sign(claims, { key: bytes(OLD) as never }), options)).toBe(
      undefined,
    );
    expect(await refusalOf(await sign(claims), options)).toBe(undefined);
    const foreign = await sign(claims, { key: bytes(`${SECRET},${OLD}`) as never });
    expect(await refusalOf(foreign, options)).toBe("unauthorized");
    const ended = await sign({ ...claims, exp: NOW / 1000 - 1 }, { key: bytes(OLD) as never });
    expect(await refusalOf(ended, options)).toBe("token_expired");
  });
});

describe("clocks that differ", () => {
  it.each([
    ["nbf 30 s ahead", { nbf: NOW / 1000 + 30 }, undefined],
    ["nbf 31 s ahead", { nbf: NOW / 1000 + 31 }, "unauthorized"],
    ["iat 30 s ahead", { iat: NOW / 1000 + 30 }, undefined],
    ["iat 31 s ahead", { iat: NOW / 1000 + 31 }, "unauthorized"],
    ["exp a second ago", { exp: NOW / 1000 - 1 }, "token_expired"],
    ["exp now", { exp: NOW / 1000 }, "token_expired"],
    ["exp half a millisecond from now", { exp: NOW / 1000 + 0.0005 }, "token_expired"],
    ["exp two milliseconds from now", { exp: NOW / 1000 + 0.002 }, undefined],
  ])(
    "are forgiven at a token's beginning and not at its end: %s (P2.4)",
    async (_, claims, code) => {
      expect(await refusalOf(await sign({ sub: "ada", ...claims }))).toBe(code);
    },
  );

  it("make no end of a fraction of a millisecond, nor a later one than was said", async () => {
    const token = await sign({ sub: "ada", exp: NOW / 1000 + 60.1239 });
    const verifier = createVerifier({ secrets: [SECRET] }, { now: () => NOW });
    expect((await verifier.verify(token)).expiresAt).toBe(NOW + 60_123);
  });
});
