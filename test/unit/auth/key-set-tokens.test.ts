import { beforeEach, describe, expect, it } from "vitest";
import { createVerifier } from "../../../src/auth/verifier.ts";
import { ProtocolError } from "../../../src/protocol/error.ts";
import { bytes, Issuer, NOW, type Pair, pair, SECRET, sign, verdict } from "./support/issuer.ts";

let issuer: Issuer;

let old: Pair;

beforeEach(async () => {
  issuer = new Issuer();
  old = await pair("ES256", "old");
  issuer.keys = [old.jwk];
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
