import type { JWK } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { bytes, Issuer, NOW, type Pair, pair, SECRET, sign, verdict } from "./support/issuer.ts";

/** How long a key set is trusted over a key id that it lacks. */
const COOLDOWN_MS = 30_000;

/** How long a failed fetch is remembered. */
const FAILURE_MS = 10_000;

const MINUTE_MS = 60_000;

const HOUR_MS = 60 * MINUTE_MS;

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

  it("is asked for again when the clock was set back, and not only once it has caught up", async () => {
    const verifier = issuer.verifier();
    const { answer: healthy } = issuer;
    issuer.answer = () => new Response("down", { status: 503 });
    await verdict(verifier, await old.sign());
    issuer.answer = healthy;
    issuer.now -= HOUR_MS;
    expect(await verdict(verifier, await old.sign())).toBe("ada");
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

  it("has its new keys taken up although the clock was set back since ours were fetched", async () => {
    const verifier = issuer.verifier();
    const token = await old.sign();
    await verdict(verifier, token);
    issuer.now -= HOUR_MS;
    expect(await verdict(verifier, token)).toBe("ada");
    await Promise.all(issuer.behind);
    expect(issuer.fetches).toBe(2);
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
