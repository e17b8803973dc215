import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../../src/edge/app.ts";

const ORIGIN = "https://app.test";
const PATH = "/v1/rooms/x/messages";

function ask(method: string, vars: object = {}, headers: Record<string, string> = {}) {
  const request = new Request(`https://edge.test${PATH}`, {
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

const allowed = (response: Response) => response.headers.get("Access-Control-Allow-Origin");
const list = (response: Response, name: string) =>
  response.headers.get(`Access-Control-${name}`)?.split(",");

describe("a page of another origin", () => {
  it("may send what the API takes, by a preflight's word", async () => {
    const response = await preflight();
    expect([response.status, allowed(response)]).toEqual([204, "*"]);
    expect(list(response, "Allow-Methods")).toEqual(["GET", "POST", "PATCH", "DELETE"]);
    expect(list(response, "Allow-Headers")).toEqual([
      "Authorization",
      "Content-Type",
      "Idempotency-Key",
      "If-None-Match",
      "Last-Event-ID",
    ]);
    expect(response.headers.get("Access-Control-Max-Age")).toBe("86400");
  });

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
