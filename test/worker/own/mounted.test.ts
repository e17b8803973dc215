import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import { describe, expect, it } from "vitest";
import { hibiki } from "../../../src/server/index.ts";
import { polls } from "../../fixtures/kinds/poll.ts";
import { tokenFor } from "../support/tokens.ts";

const realtime = hibiki({ kinds: [polls] });
const ORIGIN = "https://team.example";

/** A team's own application: middleware for everything, Hibiki below a path, a page and a last word. */
const team = new Hono<{ Bindings: Cloudflare.Env }>()
  .use(secureHeaders({ xFrameOptions: "SAMEORIGIN" }))
  .use(cors({ origin: ORIGIN }))
  .use(async (c, next) => {
    await next();
    c.res.headers.set("X-Team", "yes");
  })
  .route("/realtime", realtime.app)
  .get("/", (c) => c.html("<h1>Ours</h1>"))
  .notFound((c) => c.text("nothing of the team's", 404));

async function ask(app: Pick<typeof team, "fetch">, method: string, path: string, headers = {}) {
  const request = new Request(`https://edge.test${path}`, { method, headers });
  return app.fetch(request, env, createExecutionContext());
}

describe("in a Hono app of a team's own, below a path", () => {
  it("answers there as it does by itself, with the team's middleware around it", async () => {
    const health = await ask(team, "GET", "/realtime/healthz");
    expect([health.status, health.headers.get("X-Team")]).toEqual([200, "yes"]);
    const auth = { Authorization: `Bearer ${env.API_KEY}` };
    const users = await ask(team, "GET", "/realtime/v1/rooms/poll:x/users", auth);
    expect(await users.json()).toEqual({ users: [] });
    expect((await ask(team, "GET", "/v1/rooms/poll:x/users", auth)).status).toBe(404);
  });

  it("refuses as it does by itself: errors, methods, and what is not there", async () => {
    const unauthorized = await ask(team, "GET", "/realtime/v1/rooms/poll:x/state");
    expect([unauthorized.status, await unauthorized.json()]).toMatchObject([
      401,
      { error: { code: "unauthorized" } },
    ]);
    for (const [method, path, allow] of [
      ["PUT", "/realtime/v1/rooms/poll:x/messages", "GET, HEAD, POST"],
      ["DELETE", "/realtime/healthz", "GET, HEAD"],
    ] as const) {
      const response = await ask(team, method, path);
      expect([response.status, response.headers.get("Allow")]).toEqual([405, allow]);
    }
    const nothing = await ask(team, "GET", "/realtime/v1/nothing");
    expect(await nothing.json()).toMatchObject({ error: { code: "not_found" } });
  });

  it("leaves to the team what is the team's", async () => {
    const page = await ask(team, "GET", "/");
    expect(await page.text()).toBe("<h1>Ours</h1>");
    expect(page.headers.get("Content-Security-Policy")).toBeNull();
    for (const path of ["/realtime/", "/realtime/rooms/x", "/realtime/dashboard"]) {
      expect(await (await ask(team, "GET", path)).text()).toBe("nothing of the team's");
    }
    const root = new Hono<{ Bindings: Cloudflare.Env }>()
      .route("/", realtime.app)
      .get("/about", (c) => c.html("<h1>Us</h1>"));
    const about = await ask(root, "GET", "/about");
    expect(await about.text()).toBe("<h1>Us</h1>");
    expect(about.headers.get("Content-Security-Policy")).toBeNull();
    expect((await ask(root, "GET", "/healthz")).status).toBe(200);
  });

  it("upgrades, though the team's middleware adds headers to every answer", async () => {
    const token = await tokenFor("ada");
    const response = await ask(team, "GET", `/realtime/v1/rooms/poll:x/ws?token=${token}`, {
      Upgrade: "websocket",
    });
    expect([response.status, response.headers.get("X-Team")]).toEqual([101, "yes"]);
    const { webSocket } = response;
    const first = new Promise((heard) => webSocket?.addEventListener("message", heard));
    webSocket?.accept();
    expect(JSON.parse(((await first) as MessageEvent).data)).toMatchObject({
      type: "joined_room",
      payload: { state: { open: true } },
    });
    webSocket?.close();
  });

  it("refuses a socket so that a page can read why, there too", async () => {
    const response = await ask(team, "GET", "/realtime/v1/rooms/poll:x/ws", {
      Upgrade: "websocket",
    });
    expect(response.status).toBe(101);
    const closed = new Promise((heard) => response.webSocket?.addEventListener("close", heard));
    response.webSocket?.accept();
    expect(await closed).toMatchObject({ code: 4401 });
  });

  it("says one thing of origins: the preflight is the outermost's, an answer names one", async () => {
    const preflight = await ask(team, "OPTIONS", "/realtime/v1/rooms/poll:x/state", {
      Origin: ORIGIN,
      "Access-Control-Request-Method": "GET",
    });
    expect(preflight.headers.get("Access-Control-Allow-Origin")).toBe(ORIGIN);
    const bare = new Hono<{ Bindings: Cloudflare.Env }>().route("/realtime", realtime.app);
    const ours = await ask(bare, "OPTIONS", "/realtime/v1/rooms/poll:x/state", {
      Origin: ORIGIN,
      "Access-Control-Request-Method": "DELETE",
      "Access-Control-Request-Headers": "authorization",
    });
    expect([ours.status, ours.headers.get("Access-Control-Allow-Origin")]).toEqual([204, "*"]);
    const answer = await ask(bare, "GET", "/realtime/openapi.json", { Origin: ORIGIN });
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("*");
  });

  it("describes itself by where it is", async () => {
    for (const [app, base] of [
      [team, "/realtime"],
      [new Hono<{ Bindings: Cloudflare.Env }>().route("/a/:b", realtime.app), "/a/c"],
    ] as const) {
      const openapi = await ask(app, "GET", `${base}/openapi.json`);
      const document = await openapi.json<{ servers: unknown; paths: object }>();
      expect(document.servers).toEqual([{ url: base }]);
      expect(Object.keys(document.paths)).toContain("/v1/rooms/poll:{name}/events/vote");
      const asyncapi = await ask(app, "GET", `${base}/asyncapi.json`);
      expect(await asyncapi.json()).toMatchObject({ servers: { socket: { pathname: base } } });
    }
  });
});

it("names the binding that a project lacks, at its first request", async () => {
  const request = new Request("https://edge.test/v1/rooms/poll:x/users");
  const response = await realtime.fetch(
    request,
    { AUTH_SECRET: env.AUTH_SECRET } as Cloudflare.Env,
    createExecutionContext(),
  );
  expect([response.status, await response.json()]).toMatchObject([
    503,
    { error: { code: "not_configured", message: expect.stringContaining("class_name") } },
  ]);
});
