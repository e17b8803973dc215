import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "./support/app.ts";

const ORIGIN = "https://app.test";

function ask(
  method: string,
  vars: object = {},
  headers: Record<string, string> = {},
  path = "/messages",
) {
  const request = new Request(`https://edge.test/v1/rooms/x${path}`, {
    method,
    headers: { Origin: ORIGIN, ...headers },
  });
  return app.fetch(request, { ...env, ...vars });
}

const preflight = (vars: object = {}) =>
  ask("OPTIONS", vars, {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,idempotency-key",
  });

/** The code that closes a socket. */
function endOf({ webSocket }: Response): Promise<number> {
  const closed = new Promise<number>((resolve) =>
    webSocket?.addEventListener("close", ({ code }) => resolve(code)),
  );
  webSocket?.accept();
  return closed;
}

const allowed = (response: Response) => response.headers.get("Access-Control-Allow-Origin");
const list = (response: Response, name: string) =>
  response.headers.get(`Access-Control-${name}`)?.split(",");

describe("a page of another origin", () => {
  it("may send what the API takes, by a preflight's word", async () => {
    const response = await preflight();
    expect([response.status, allowed(response)]).toEqual([204, "*"]);
    expect(list(response, "Allow-Methods")).toEqual([
      "GET",
      "HEAD",
      "POST",
      "PUT",
      "PATCH",
      "DELETE",
    ]);
    expect(list(response, "Allow-Headers")).toEqual(["authorization", "idempotency-key"]);
    expect(response.headers.get("Access-Control-Max-Age")).toBe("86400");
  });

  it("may send the headers that its tracing adds, whatever they are called", async () => {
    const asked = [
      "traceparent",
      "tracestate",
      "sentry-trace",
      "baggage",
      "x-requested-with",
      "cache-control",
      "x-of-our-own",
    ];
    const headers = { "Access-Control-Request-Headers": asked.join(", ") };
    expect(list(await ask("OPTIONS", {}, headers), "Allow-Headers")).toEqual(asked);
  });

  it("is told no more headers than any page could want", async () => {
    const many = Array.from({ length: 500 }, (_, i) => `x-${i}`).join(",");
    const headers = { "Access-Control-Request-Headers": `bad name,${many}` };
    expect(list(await ask("OPTIONS", {}, headers), "Allow-Headers")).toHaveLength(63);
  });

  it.each([
    ["https://*.app.test", "https://a.app.test", true],
    ["https://*.app.test", "https://a.b.app.test", false],
    ["https://*.app.test", "https://app.test", false],
    ["capacitor://localhost", "capacitor://localhost", true],
    ["null", "null", true],
    ["https://app.test", "null", false],
  ])(
    "with %s on the list: %s may call, by HTTP and WebSocket, %s",
    async (pattern, origin, may) => {
      const vars = { ALLOWED_ORIGINS: pattern };
      const response = await ask("GET", vars, { Origin: origin });
      expect([response.status, allowed(response)]).toEqual([401, may ? origin : null]);
      const upgraded = await ask("GET", vars, { Origin: origin, Upgrade: "websocket" }, "/ws");
      expect(await endOf(upgraded)).toBe(may ? 4401 : 4403);
    },
  );

  it.each([
    ["unauthorized", 401, {}],
    ["not_configured, without a secret", 503, { AUTH_SECRET: "" }],
    ["not_configured, with origins that cannot be read", 503, { ALLOWED_ORIGINS: "nonsense" }],
    [
      "not_configured, though its origin is not on a list",
      503,
      { AUTH_SECRET: "", ALLOWED_ORIGINS: "https://other.test" },
    ],
  ])("reads the error %s, and its preflight passes", async (_, status, vars) => {
    const response = await ask("GET", vars);
    expect([response.status, allowed(response)]).toEqual([status, "*"]);
    expect(list(response, "Expose-Headers")).toEqual(["Retry-After", "ETag", "WWW-Authenticate"]);
    const before = await preflight(vars);
    expect([before.status, allowed(before)]).toEqual([204, "*"]);
  });

  it("reads errors when it is on the list, and nothing when it is not", async () => {
    const listed = await ask("GET", { ALLOWED_ORIGINS: `https://other.test,${ORIGIN}` });
    expect([listed.status, allowed(listed)]).toEqual([401, ORIGIN]);
    expect(listed.headers.get("Vary")).toContain("Origin");
    const other = { ALLOWED_ORIGINS: "https://other.test" };
    expect([allowed(await ask("GET", other)), allowed(await preflight(other))]).toEqual([
      null,
      null,
    ]);
  });
});
