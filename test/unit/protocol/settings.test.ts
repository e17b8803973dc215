import { describe, expect, it } from "vitest";
import { readSettings } from "../../../src/protocol/settings.ts";

describe("settings", () => {
  it("have defaults, and take what is empty for what is not set", () => {
    const read = readSettings({
      AUTH_SECRET: "s",
      API_KEY: "",
      ALLOWED_ORIGINS: "https://a.test/, https://b.test",
    });
    expect(read).toMatchObject({
      ok: true,
      settings: {
        auth: { secret: "s", guests: false },
        allowedOrigins: ["https://a.test", "https://b.test"],
        limits: { framesPerSecond: 20, heartbeatMs: 30_000, historyMaxDays: 0 },
      },
    });
  });

  it.each([
    [{}, "AUTH_SECRET"],
    [{ AUTH_SECRET: "s", GUESTS: "hush" }, "GUESTS"],
    [{ AUTH_SECRET: "s", LIMIT_FRAME_BYTES: "1e3hush" }, "LIMIT_FRAME_BYTES"],
    [{ AUTH_JWKS_URL: "ftp://hush" }, "AUTH_JWKS_URL"],
    [{ AUTH_SECRET: "s", ALLOWED_ORIGINS: " , " }, "ALLOWED_ORIGINS"],
    [{ AUTH_SECRET: "s", ALLOWED_ORIGINS: "https://HUSH.test/x" }, "ALLOWED_ORIGINS"],
  ])("name what is wrong in %o, not its value", (env, name) => {
    const read = readSettings(env);
    expect(read).toMatchObject({ ok: false, problem: expect.stringContaining(name) });
    expect(JSON.stringify(read)).not.toContain("hush");
  });
});
