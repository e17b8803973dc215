import { describe, expect, it } from "vitest";
import { readSettings } from "../../../src/protocol/settings.ts";

const SECRET = "a-secret-of-the-unit-tests-of-settings";
const OLD = "the-secret-before-the-one-that-signs-now";

describe("settings", () => {
  it("have defaults, and take what is empty for what is not set", () => {
    const read = readSettings({
      AUTH_SECRET: SECRET,
      API_KEY: "",
      GUEST_ROOMS: "",
      ALLOWED_ORIGINS: "https://a.test/, https://b.test",
    });
    expect(read).toMatchObject({
      ok: true,
      settings: {
        auth: { secrets: [SECRET], apiKeys: [] },
        trustedIpHeader: "CF-Connecting-IP",
        pages: true,
        requestsPerMinute: { user: 1_200, address: 6_000 },
        allowedOrigins: ["https://a.test", "https://b.test"],
        limits: { framesPerSecond: 20, heartbeatMs: 30_000, historyMaxDays: 0 },
      },
    });
    expect(read.ok && read.settings.auth.guestRooms).toBe(undefined);
  });

  it.each([
    ["lists of secrets", { AUTH_SECRET: `${SECRET},${OLD}` }, { auth: { secrets: [SECRET, OLD] } }],
    ["lists of API keys", { API_KEY: `${SECRET},${OLD}` }, { auth: { apiKeys: [SECRET, OLD] } }],
    ["guests", { GUESTS: "on" }, { auth: { guestRooms: ["*"] } }],
    [
      "rooms of guests",
      { GUESTS: "on", GUEST_ROOMS: "lobby*, help, game:*" },
      { auth: { guestRooms: ["lobby*", "help", "game:*"] } },
    ],
    ["no pages", { PAGES: "off" }, { pages: false }],
    ["an address's header", { TRUSTED_IP_HEADER: "X-Real-IP" }, { trustedIpHeader: "X-Real-IP" }],
    [
      "a quota of requests",
      { LIMIT_REQUESTS_PER_MINUTE: "10", LIMIT_CONNECTIONS_PER_IP: "7" },
      { requestsPerMinute: { user: 10, address: 50 } },
    ],
    [
      "no quota of requests",
      { LIMIT_REQUESTS_PER_MINUTE: "0" },
      { requestsPerMinute: { user: 0, address: 0 } },
    ],
    ["keys of an issuer", { AUTH_JWKS_URL: "https://a.test/jwks", AUTH_AUDIENCE: "us" }, {}],
    ["those of this machine", { AUTH_JWKS_URL: "http://[::1]:8/jwks", AUTH_AUDIENCE: "us" }, {}],
  ])("are read: %s", (_, env, settings) => {
    expect(readSettings({ AUTH_SECRET: SECRET, ...env })).toMatchObject({ ok: true, settings });
  });

  it("trust no header when the one to trust is set to nothing", () => {
    const read = readSettings({ AUTH_SECRET: SECRET, TRUSTED_IP_HEADER: "" });
    expect(read.ok && "trustedIpHeader" in read.settings).toBe(false);
  });

  const secrets = [
    // Too short, by itself or one of two.
    "hush-hush-hush-hush-hush-hush-3",
    `${SECRET},hush`,
    // Blanks: inside, a line end behind, after the comma.
    "hush hush hush hush hush hush hush hush",
    `hush-${SECRET}\n`,
    `hush-${SECRET}, hush-${OLD}`,
    // Lists: an empty item, the same twice, too many.
    `hush-${SECRET},`,
    `hush-${SECRET},hush-${SECRET}`,
    Array.from({ length: 9 }, (_, i) => `hush-${SECRET}-${i}`).join(","),
  ];

  const wrong: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{}, "AUTH_SECRET"],
    [{ GUESTS: "hush" }, "GUESTS"],
    [{ PAGES: "hush" }, "PAGES"],
    [{ TRUSTED_IP_HEADER: "hush hush" }, "TRUSTED_IP_HEADER"],
    [{ LIMIT_FRAME_BYTES: "1e3hush" }, "LIMIT_FRAME_BYTES"],
    [{ LIMIT_REQUESTS_PER_MINUTE: "hush" }, "LIMIT_REQUESTS_PER_MINUTE"],
    ...["ftp://hush", "http://hush.test/jwks", "https://a:b@hush.test/jwks", "hush"].map(
      (url) => [{ AUTH_JWKS_URL: url, AUTH_AUDIENCE: "us" }, "AUTH_JWKS_URL"] as const,
    ),
    [{ AUTH_JWKS_URL: "https://hush.test/jwks" }, "AUTH_AUDIENCE"],
    ...["user:hush", "topic:hush", "hush hush", "*hush", "hush*,"].map(
      (rooms) => [{ GUEST_ROOMS: rooms }, "GUEST_ROOMS"] as const,
    ),
    [{ ALLOWED_ORIGINS: " , " }, "ALLOWED_ORIGINS"],
    ...secrets.map((secret) => [{ AUTH_SECRET: secret }, "AUTH_SECRET"] as const),
    ...secrets.map((secret) => [{ API_KEY: secret }, "API_KEY"] as const),
    [{ API_KEY: `hüsh-${SECRET}` }, "API_KEY"],
  ];

  it.each(wrong)("name what is wrong in %o, not its value", (env, name) => {
    const base =
      "AUTH_JWKS_URL" in env || Object.keys(env).length === 0 ? {} : { AUTH_SECRET: SECRET };
    const read = readSettings({ ...base, ...env });
    expect(read).toMatchObject({ ok: false, problem: expect.stringContaining(name) });
    expect(JSON.stringify(read)).not.toMatch(/hush|hüsh/);
  });
});
