import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { app } from "./support/app.ts";

const HTML = { Accept: "text/html" };
const ASSETS = {
  fetch: async (url: URL) =>
    new Response(url.pathname.endsWith(".json") ? "{}" : "<!doctype html>", {
      headers: { A: "b" },
    }),
};

const get = (path: string, vars: object = {}) =>
  app.fetch(new Request(`https://edge.test${path}`, { headers: HTML }), {
    ...env,
    ASSETS,
    ...vars,
  });

afterEach(() => {
  vi.restoreAllMocks();
});

describe("PAGES", () => {
  const demos = [
    "/",
    "/rooms/general",
    "/editor/plan",
    "/game",
    "/game/arena",
    "/dashboard",
    "/ops",
    "/index.html",
    "/nothing",
  ];

  it.each(demos)("off: %s answers 404 in JSON", async (path) => {
    const response = await get(path, { PAGES: "off" });
    expect([response.status, await response.json()]).toEqual([
      404,
      { error: expect.objectContaining({ code: "not_found" }) },
    ]);
    expect((await get(path)).headers.get("A")).toBe("b");
  });

  it.each(["/docs", "/docs/kind", "/openapi.json", "/asyncapi.json", "/healthz", "/assets/x.js"])(
    "off: %s, which is about the API, stays",
    async (path) => {
      expect((await get(path, { PAGES: "off" })).status).toBe(200);
    },
  );

  it("that is neither on nor off shows none, and is named", async () => {
    expect((await get("/", { PAGES: "Off" })).status).toBe(404);
    const response = await get("/v1/rooms/x/messages", { PAGES: "Off" });
    expect([response.status, await response.text()]).toEqual([
      503,
      expect.stringContaining("PAGES"),
    ]);
  });
});

describe("the headers of a page", () => {
  it("let it talk to its own host alone, and decide nothing for other hosts", async () => {
    const { headers } = await get("/");
    expect(headers.get("Content-Security-Policy")).toMatch(/connect-src 'self';/);
    expect(headers.get("Strict-Transport-Security")).toBe("max-age=15552000");
  });
});

it("says in the log which setting is wrong, once and not once a request", async () => {
  const said: string[] = [];
  vi.spyOn(console, "error").mockImplementation((line) => void said.push(String(line)));
  for (let i = 0; i < 20; i++) await get("/v1/rooms/x/messages", { AUTH_SECRET: "hush" });
  expect(said.filter((line) => line.includes("AUTH_SECRET"))).toHaveLength(1);
  expect(JSON.parse(said[0] ?? "")).toMatchObject({ event: "error", where: "settings" });
  expect(said.join()).not.toContain("hush");
});
