import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "./support/app.ts";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";

const room = () => `room-${crypto.randomUUID()}`;

const code = async (response: Response) =>
  (await response.json<{ error: { code: string } }>()).error.code;

describe("configuration", () => {
  const paths = [
    "/v1/guests",
    "/v1/tokens",
    "/v1/rooms/x/messages",
    "/v1/rooms/x/ws",
    "/v1/nothing",
  ];
  it.each(paths)("answers 503 not_configured on %s without a secret (P2.10)", async (path) => {
    const { AUTH_SECRET: _, ...without } = env;
    const response = await app.fetch(new Request(`https://edge.test${path}`), without);
    expect([response.status, await code(response)]).toEqual([503, "not_configured"]);
  });

  it("closes a WebSocket with 4503 without a secret", async () => {
    const { AUTH_SECRET: _, ...without } = env;
    const request = new Request("https://edge.test/v1/rooms/x/ws", {
      headers: { Upgrade: "websocket" },
    });
    const { webSocket } = await app.fetch(request, without);
    const closed = new Promise<number>((resolve) =>
      webSocket?.addEventListener("close", ({ code }) => resolve(code)),
    );
    webSocket?.accept();
    expect(await closed).toBe(4503);
  });

  it("answers 503 and names a setting that cannot be read, not its value (P10.1)", async () => {
    const response = await app.fetch(new Request("https://edge.test/v1/guests"), {
      ...env,
      LIMIT_FRAME_BYTES: "lots",
    });
    const text = await response.text();
    expect(response.status).toBe(503);
    expect(text).toContain("LIMIT_FRAME_BYTES");
    expect(text).not.toContain("lots");
  });
});

describe("a room over HTTP", () => {
  it("sends once for an idempotency key, over HTTP and WebSocket alike", async () => {
    const name = room();
    const path = `/v1/rooms/${name}/messages`;
    const ada = await Peer.connect(name, "ada");
    const request = {
      auth: await tokenFor("ada"),
      body: { content: "hi" },
      headers: { "Idempotency-Key": "key-1" },
    };
    const first = await call("POST", path, request);
    expect([first.status, await first.json()]).toEqual([201, { savedId: 1 }]);
    const second = await call("POST", path, request);
    expect([second.status, await second.json()]).toEqual([200, { savedId: 1, duplicate: true }]);
    expect(await ada.say("hi", "key-1")).toEqual({ success: true, savedId: 1, duplicate: true });
  });

  it("pages through history both ways, with deletions shown (P7.4)", async () => {
    const name = room();
    const path = `/v1/rooms/${name}/messages`;
    for (let i = 1; i <= 5; i++)
      await call("POST", `${path}?as=ada`, { body: { content: `m${i}` } });
    expect((await call("DELETE", `${path}/4`)).status).toBe(200);
    const newest = await (await call("GET", `${path}?limit=2`)).json<{ messages: unknown[] }>();
    expect(newest).toMatchObject({
      messages: [
        { seq: 4, deleted: true },
        { seq: 5, content: "m5" },
      ],
      seq: 6,
      hasMore: true,
    });
    const older = await (await call("GET", `${path}?before=4&limit=3`)).json();
    expect(older).toMatchObject({ messages: [{ seq: 1 }, { seq: 2 }, { seq: 3 }], hasMore: false });
    const newer = await (await call("GET", `${path}?after=1&limit=2`)).json();
    expect(newer).toMatchObject({ messages: [{ seq: 2 }, { seq: 3 }], hasMore: true });
  });

  it("edits, deletes and reads, and says so to whoever is connected", async () => {
    const name = room();
    const path = `/v1/rooms/${name}`;
    const auth = await tokenFor("ada");
    const ben = await Peer.connect(name, "ben");
    await call("POST", `${path}/messages`, { auth, body: { content: "one" } });
    expect(
      (await call("PATCH", `${path}/messages/1`, { auth, body: { content: "two" } })).status,
    ).toBe(200);
    expect((await call("POST", `${path}/read`, { auth, body: { upTo: 1 } })).status).toBe(204);
    expect(
      (await call("DELETE", `${path}/messages/1`, { auth: await tokenFor("ben") })).status,
    ).toBe(403);
    expect((await call("DELETE", `${path}/messages/1`, { auth })).status).toBe(200);
    await ben.see("message_deleted");
    expect(ben.of("message_edited")[0].content).toBe("two");
    expect(ben.of("messages_read")).toEqual([{ userId: "ada", upTo: 1 }]);
    const users = await call("GET", `${path}/users`, { auth });
    expect(await users.json()).toEqual({ users: [{ userId: "ben", name: "BEN" }] });
  });

  it.each([
    ["GET", "/messages?limit=201", undefined, 400],
    ["GET", "/messages?before=2&after=1", undefined, 400],
    ["POST", "/messages?as=ada", { content: "" }, 400],
    ["POST", "/messages?as=ada", { content: "x".repeat(4_001) }, 413],
    ["POST", "/messages", { content: "x" }, 400],
    ["PATCH", "/messages/7", { content: "x" }, 404],
    ["DELETE", "/messages/zero", undefined, 400],
    ["DELETE", "/users/ada?ban=forever", undefined, 400],
    ["GET", "/nothing", undefined, 404],
    ["GET", "/ws", undefined, 400],
  ])("%s %s is refused with its status", async (method, path, body, status) => {
    const response = await call(method, `/v1/rooms/${room()}${path}`, { body });
    expect(response.status).toBe(status);
    expect((await response.json<{ error: object }>()).error).toEqual({
      code: expect.any(String),
      message: expect.any(String),
      retryable: false,
    });
  });

  it.each([
    ["GET", "/messages?limit=0", undefined, /^limit: /],
    ["GET", "/messages?limit=2&limit=3", undefined, /^limit: must be given once$/],
    ["GET", "/poll?since=1&epoch=a&epoch=b", undefined, /^epoch: must be given once$/],
    ["GET", "/messages?x=2&x=3&before=one", undefined, /^before: must be a whole number$/],
    ["POST", "/messages?as=ada&as=ben", { content: "x" }, /^as: must be given once$/],
    ["POST", "/messages?as=ada", [], /^the body: /],
    ["POST", "/messages?as=ada", { content: 1 }, /^content: /],
    ["DELETE", "/messages/one", undefined, /^seq: must be a whole number$/],
    ["DELETE", `/users/${"x".repeat(129)}`, undefined, /^userId: must be 1 to 128 characters/],
    ["DELETE", `/bans/${"x".repeat(129)}`, undefined, /^userId: must be 1 to 128 characters/],
  ])("says what is wrong with %s %s by name", async (method, path, body, message) => {
    const response = await call(method, `/v1/rooms/${room()}${path}`, { body });
    expect(response.status).toBe(400);
    const { error } = await response.json<{ error: { code: string; message: string } }>();
    expect(error.code).toBe("invalid_request");
    expect(error.message).toMatch(message);
  });

  it("takes a parameter that it does not know however often", async () => {
    expect((await call("GET", `/v1/rooms/${room()}/messages?x=1&x=2`)).status).toBe(200);
  });

  it.each(["a b", "日本", "x".repeat(129), "a%2Fb"])("refuses the room name %s", async (name) => {
    const response = await call("GET", `/v1/rooms/${encodeURIComponent(name)}/messages`);
    expect(await code(response)).toBe("invalid_request");
  });
});

describe("a page of history that is asked for again", () => {
  it("is 304 without a body while nothing in it has changed, and 200 once something has", async () => {
    const name = room();
    const path = `/v1/rooms/${name}/messages`;
    const write = (content: string) => call("POST", `${path}?as=ada`, { body: { content } });
    await write("one");
    const first = await call("GET", path);
    const tag = first.headers.get("ETag") ?? "";
    expect(tag).toMatch(/^"[0-9a-f]{40}"$/);
    expect(await first.json()).toMatchObject({ messages: [{ content: "one" }] });
    const again = (headers: Record<string, string>, auth?: string) =>
      call("GET", path, { headers, ...(auth === undefined ? {} : { auth }) });

    const same = await again({ "If-None-Match": `"other", ${tag}`, Origin: "https://app.test" });
    expect([same.status, await same.text()]).toEqual([304, ""]);
    expect(Object.fromEntries(same.headers)).toMatchObject({
      etag: tag,
      "cache-control": "private, no-cache",
      "access-control-allow-origin": "*",
      "access-control-expose-headers": expect.stringContaining("ETag"),
      "x-content-type-options": "nosniff",
    });

    expect((await again({ "If-None-Match": tag }, "")).status).toBe(401);
    const edited = await call("PATCH", `${path}/1?as=ada`, { body: { content: "ein" } });
    expect(edited.status).toBe(200);
    const changed = await again({ "If-None-Match": tag });
    expect([changed.status, changed.headers.get("ETag") === tag]).toEqual([200, false]);
  });

  it("is the only thing that is tagged", async () => {
    const name = room();
    for (const path of ["/users", "/poll", "/poll?wait=1", "/messages?limit=x"]) {
      const response = await call("GET", `/v1/rooms/${name}${path}`);
      expect(response.headers.get("ETag")).toBeNull();
    }
  });
});
