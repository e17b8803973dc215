import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "./support/app.ts";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";

const room = () => `room-${crypto.randomUUID()}`;

const code = async (response: Response) =>
  (await response.json<{ error: { code: string } }>()).error.code;

describe("tokens and guests", () => {
  it("makes a token for the backend, which then chats", async () => {
    const made = await call("POST", "/v1/tokens", {
      body: { sub: "ada", name: "Ada", rooms: { "*": ["read", "write"] } },
    });
    expect(made.status).toBe(201);
    const { token, expiresAt } = await made.json<{ token: string; expiresAt: string }>();
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(3_500_000);
    expect((await Peer.connect(room(), "ada", { token })).joined.users).toEqual([
      { userId: "ada", name: "Ada" },
    ]);
  });

  it("refuses a token request without the API key, or with what it cannot read", async () => {
    expect((await call("POST", "/v1/tokens", { auth: "", body: { sub: "ada" } })).status).toBe(401);
    expect(
      (await call("POST", "/v1/tokens", { auth: await tokenFor("ada"), body: { sub: "ada" } }))
        .status,
    ).toBe(401);
    const bad = await call("POST", "/v1/tokens", { body: { sub: "", ttlSeconds: 86_401 } });
    expect([bad.status, await code(bad)]).toEqual([400, "invalid_request"]);
  });

  it("lets guests in by name where they are on, and answers 404 where not", async () => {
    const guest = await call("POST", "/v1/guests", { auth: "", body: { name: "Ada" } });
    expect(guest.status).toBe(201);
    expect(await guest.json()).toEqual({
      token: expect.any(String),
      userId: expect.any(String),
      name: "Ada",
      expiresAt: expect.any(String),
    });
    const request = new Request("https://edge.test/v1/guests", {
      method: "POST",
      body: '{"name":"Ada"}',
    });
    expect((await app.fetch(request, { ...env, GUESTS: "off" })).status).toBe(404);
  });

  it.each(["/v1/tokens", "/v1/metrics"])(
    "says of %s that there is no API key, not that it is wrong",
    async (path) => {
      const request = new Request(`https://edge.test${path}`, {
        method: path === "/v1/tokens" ? "POST" : "GET",
        headers: { Authorization: "Bearer some-key" },
      });
      const response = await app.fetch(request, { ...env, API_KEY: "" });
      expect([response.status, await response.json()]).toEqual([
        503,
        {
          error: expect.objectContaining({
            code: "not_configured",
            message: expect.stringContaining("API_KEY"),
          }),
        },
      ]);
    },
  );
});

describe("who may", () => {
  it.each([
    ["no token", "", "unauthorized", 4401],
    ["garbage", "garbage", "unauthorized", 4401],
  ])("refuses %s over HTTP and closes a WebSocket with 4401", async (_, token, error, close) => {
    const response = await call("GET", `/v1/rooms/${room()}/messages`, { auth: token });
    expect([response.status, await code(response)]).toEqual([401, error]);
    const peer = await Peer.connect(room(), "x", { wire: "plain", token: token || "-" });
    expect(peer.frames[0]).toMatchObject({ type: "error", payload: { code: error } });
    expect((await peer.untilClosed()).code).toBe(close);
  });

  it("refuses a room that the token does not grant, with 4403 (P9.1)", async () => {
    const token = await tokenFor("ada", { rooms: { "other-*": ["read"] } });
    const peer = await Peer.connect(room(), "ada", { token });
    expect(peer.frames[0]).toMatchObject({ type: "error", payload: { code: "access_denied" } });
    expect((await peer.untilClosed()).code).toBe(4403);
  });

  it("refuses a WebSocket from an origin that is not on the list (P11.3)", async () => {
    const open = (origin: string) =>
      app.fetch(
        new Request("https://edge.test/v1/rooms/x/ws", {
          headers: { Upgrade: "websocket", Origin: origin },
        }),
        { ...env, ALLOWED_ORIGINS: "https://good.test" },
        createExecutionContext(),
      );
    const first = async (response: Response) =>
      new Promise<string>((resolve) => {
        response.webSocket?.addEventListener("message", ({ data }) =>
          resolve(JSON.parse(data as string).payload.code),
        );
        response.webSocket?.accept();
      });
    expect(await first(await open("https://evil.test"))).toBe("access_denied");
    expect(await first(await open("https://good.test"))).toBe("unauthorized");
  });

  it("answers a preflight, and sets secure headers on everything", async () => {
    const preflight = await call("OPTIONS", "/v1/rooms/x/messages", {
      auth: "",
      headers: { Origin: "https://app.test", "Access-Control-Request-Method": "POST" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("Access-Control-Allow-Headers")).toMatch(/If-None-Match/);
    expect(preflight.headers.get("Access-Control-Allow-Origin")).toBe("*");
    const refused = await call("GET", "/v1/rooms/x/messages", {
      auth: "",
      headers: { Origin: "https://app.test" },
    });
    expect(refused.headers.get("Access-Control-Allow-Origin")).toBe("*");
    const health = await call("GET", "/healthz", { auth: "" });
    expect(health.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(health.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
  });
});
