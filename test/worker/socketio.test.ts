import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "./support/app.ts";

const ORIGIN = "https://app.test";

function ask(query: string, init: RequestInit = {}, vars: object = {}): Promise<Response> {
  const request = new Request(`https://edge.test/socket.io/?${query}`, init);
  return Promise.resolve(app.fetch(request, { ...env, ...vars }, { waitUntil: () => {} } as never));
}

/** What a first poll says. */
async function opened(): Promise<{ sid: string }> {
  const response = await ask("EIO=4&transport=polling");
  expect(response.headers.get("Content-Type")).toBe("text/plain; charset=UTF-8");
  return JSON.parse((await response.text()).slice(1));
}

describe("/socket.io/ (P21.1)", () => {
  it.each([
    ["transport=polling", "GET", 5],
    ["EIO=3&transport=polling", "GET", 5],
    ["EIO=4", "GET", 0],
    ["EIO=4&transport=carrier", "GET", 0],
    ["EIO=4&transport=websocket", "GET", 0],
    ["EIO=4&transport=polling", "POST", 2],
    ["EIO=4&transport=polling", "PUT", 2],
    ["EIO=4&transport=polling&sid=x", "GET", 1],
  ])("answers %s by %s with Engine.IO's code %i", async (query, method, code) => {
    const response = await ask(query, { method });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code });
  });

  it("answers polls, what was said in between, and a body that is none", async () => {
    const { sid } = await opened();
    const query = `EIO=4&transport=polling&sid=${sid}`;
    const poll = ask(query);
    const post = await ask(query, { method: "POST", body: "40/admin,{}" });
    expect(await post.text()).toBe("ok");
    expect(await (await poll).text()).toBe('44/admin,{"message":"Invalid namespace"}');
    expect((await ask(query, { method: "POST", body: "nonsense" })).status).toBe(400);
    expect((await ask(query)).status).toBe(400);
  });

  it("names what is missing where no object is bound for polls", async () => {
    const { SOCKETIO: _, ...without } = env;
    const request = new Request("https://edge.test/socket.io/?EIO=4&transport=polling");
    const response = await app.fetch(request, without);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('class_name = \\"SocketioObject\\"');
  });

  it("may be asked by pages of the origins that are listed alone", async () => {
    const vars = { ALLOWED_ORIGINS: ORIGIN };
    const from = (origin: string) => ({ headers: { Origin: origin } });
    const listed = await ask("EIO=4&transport=polling", from(ORIGIN), vars);
    expect(listed.headers.get("Access-Control-Allow-Origin")).toBe(ORIGIN);
    const other = await ask("EIO=4&transport=polling", from("https://evil.test"), vars);
    expect([other.status, other.headers.get("Access-Control-Allow-Origin")]).toEqual([403, null]);
    const headers = { Origin: "https://evil.test", Upgrade: "websocket" };
    const socket = await ask("EIO=4&transport=websocket", { headers }, vars);
    expect([socket.status, socket.webSocket]).toEqual([403, null]);
    const preflight = await ask("EIO=4&transport=polling", {
      method: "OPTIONS",
      headers: { Origin: ORIGIN, "Access-Control-Request-Method": "POST" },
    });
    expect([preflight.status, preflight.headers.get("Access-Control-Allow-Origin")]).toEqual([
      204,
      "*",
    ]);
  });
});
