import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { app } from "./support/app.ts";
import { EditorSocket, until } from "./support/editor-socket.ts";
import { tokenFor } from "./support/tokens.ts";

const UNBOUND = { ADDRESS_RATE: undefined, USER_RATE: undefined, GUEST_RATE: undefined };
const binding = (success: boolean) => ({ limit: vi.fn(async () => ({ success })) });

let addresses = 0;
/** An address of this test's own. */
function newAddress(): string {
  addresses += 1;
  return `198.51.100.${addresses}`;
}

interface Asking {
  readonly ip?: string;
  readonly auth?: string;
  readonly vars?: object;
  readonly headers?: Record<string, string>;
  readonly path?: string;
  readonly method?: string;
}

function ask({ ip = newAddress(), auth, vars = {}, headers = {}, ...request }: Asking) {
  return app.fetch(
    new Request(`https://edge.test${request.path ?? "/v1/rooms/x/messages"}`, {
      method: request.method ?? "GET",
      headers: {
        "CF-Connecting-IP": ip,
        ...(auth === undefined ? {} : { Authorization: `Bearer ${auth}` }),
        ...headers,
      },
      ...(request.method === "POST" ? { body: '{"name":"Ada"}' } : {}),
    }),
    { ...env, ...UNBOUND, ...vars },
  );
}

async function statuses(times: number, asking: Asking): Promise<number[]> {
  const all = [];
  for (let i = 0; i < times; i++) all.push((await ask(asking)).status);
  return all;
}

/** Longer than any of these tests takes. */
const TEST_MS = 3_000;

beforeEach(async () => {
  // Requests are counted by the minute, and none of these is to see two of them.
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs < TEST_MS) await new Promise((resolve) => setTimeout(resolve, leftMs));
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("all of /v1", () => {
  const vars = { LIMIT_REQUESTS_PER_MINUTE: "2", LIMIT_CONNECTIONS_PER_IP: "1" };

  it("is held per address, whatever is asked, and says when to come back", async () => {
    const ip = newAddress();
    expect(await statuses(12, { ip, vars })).toEqual([...Array(10).fill(401), 429, 429]);
    const refused = await ask({ ip, vars, path: "/v1/nothing" });
    expect(refused.status).toBe(429);
    const wait = Number(refused.headers.get("Retry-After"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(await refused.json()).toMatchObject({
      error: { code: "rate_limited", retryable: true, retryAfterMs: expect.any(Number) },
    });
    expect((await ask({ vars })).status).toBe(401);
  });

  it.each([
    ["/v1/documents/x?as=json", 401],
    ["/v1/documents/x/versions", 401],
    ["/v1/rooms/document:x/messages", 401],
    ["/v1/users/ada/notifications", 401],
    ["/v1/metrics", 401],
    ["/v1/nothing", 404],
  ])("is held per address at %s too", async (path, status) => {
    const ip = newAddress();
    const told = await statuses(12, { ip, vars, path });
    expect(told).toEqual([...Array(10).fill(status), 429, 429]);
  });

  it("is held per user at documents too", async () => {
    const auth = await tokenFor(`user-${crypto.randomUUID()}`);
    const path = `/v1/documents/${crypto.randomUUID()}?as=json`;
    const told = [];
    for (let i = 0; i < 4; i++) told.push((await ask({ auth, vars, path })).status);
    expect(told).toEqual([200, 200, 429, 429]);
  });

  it("sends an editor back that is one too many, in bytes alone", async () => {
    const path = `/v1/documents/${crypto.randomUUID()}`;
    const headers = { Upgrade: "websocket" };
    const editor = new EditorSocket(
      await ask({ vars: { ADDRESS_RATE: binding(false) }, path, headers }),
    );
    await until(() => editor.closed !== undefined);
    expect([editor.closed, editor.texts]).toEqual([1013, 0]);
    expect(editor.denials).toEqual([expect.stringContaining("rate_limited")]);
  });

  it("is held per user, from wherever the user comes", async () => {
    const auth = await tokenFor(`user-${crypto.randomUUID()}`);
    const told = [];
    for (let i = 0; i < 4; i++) told.push((await ask({ auth, vars })).status);
    expect(told).toEqual([200, 200, 429, 429]);
  });

  it("tells in the log that an address is held, once a second and not for each request", async () => {
    const said = vi.spyOn(console, "log").mockImplementation(() => {});
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const ip = newAddress();
    await statuses(200, { ip, vars });
    const lines = [...said.mock.calls, ...warned.mock.calls].map(([line]) => String(line));
    const held = lines.filter((line) => line.includes('"rate_limited"'));
    expect(held.length).toBeGreaterThan(0);
    expect(held.length).toBeLessThan(20);
  });

  it("lets guests in where the limiter is out of order, and counts them by itself", async () => {
    const broken = { limit: () => Promise.reject(new Error("out of order")) };
    const guest = {
      method: "POST",
      path: "/v1/guests",
      headers: { "Content-Type": "application/json" },
      ip: newAddress(),
      vars: { LIMIT_REQUESTS_PER_MINUTE: "1000", GUESTS: "on", GUEST_RATE: broken },
    };
    const told = await statuses(70, guest);
    expect(told.filter((status) => status === 201)).toHaveLength(60);
    expect(told.filter((status) => status === 429)).toHaveLength(10);
  });

  it("is not held for the API key, nor where the limit is 0", async () => {
    const ip = newAddress();
    expect(new Set(await statuses(20, { ip, auth: env.API_KEY, vars }))).toEqual(new Set([200]));
    const none = { ...vars, LIMIT_REQUESTS_PER_MINUTE: "0", ADDRESS_RATE: binding(false) };
    expect(new Set(await statuses(20, { vars: none, ip }))).toEqual(new Set([401]));
  });

  it("is held by the bindings, by address first and then by user", async () => {
    const auth = await tokenFor("ada");
    const [address, user] = [binding(true), binding(false)];
    const ip = newAddress();
    const bound = { ADDRESS_RATE: address, USER_RATE: user };
    expect((await ask({ auth, ip, vars: bound })).status).toBe(429);
    expect(address.limit).toHaveBeenCalledExactlyOnceWith({ key: ip });
    expect(user.limit).toHaveBeenCalledExactlyOnceWith({ key: "ada" });
    const full = { ADDRESS_RATE: binding(false), USER_RATE: user };
    expect((await ask({ auth, vars: full })).status).toBe(429);
    expect(user.limit).toHaveBeenCalledTimes(1);
  });

  it("stays open when a binding fails", async () => {
    const failing = { limit: () => Promise.reject(new Error("provoked")) };
    const auth = await tokenFor("ada");
    expect((await ask({ auth, vars: { ADDRESS_RATE: failing, USER_RATE: failing } })).status).toBe(
      200,
    );
  });

  it("closes a WebSocket that is one too many with 4429", async () => {
    const vars = { ADDRESS_RATE: binding(false) };
    const { webSocket } = await ask({
      vars,
      path: "/v1/rooms/x/ws",
      headers: { Upgrade: "websocket" },
    });
    const closed = new Promise<number>((resolve) =>
      webSocket?.addEventListener("close", ({ code }) => resolve(code)),
    );
    webSocket?.accept();
    expect(await closed).toBe(4429);
  });

  it("lets sixty guests a minute in from one address", async () => {
    const ip = newAddress();
    const told = await statuses(70, { ip, method: "POST", path: "/v1/guests" });
    expect(told).toEqual([...Array(60).fill(201), ...Array(10).fill(429)]);
  });
});

it("reads the address from the header that is trusted, and from no other", async () => {
  const vars = {
    LIMIT_REQUESTS_PER_MINUTE: "1",
    LIMIT_CONNECTIONS_PER_IP: "1",
    TRUSTED_IP_HEADER: "X-Forwarded-For",
  };
  const proxy = newAddress();
  const told = [];
  for (let i = 0; i < 6; i++) {
    const headers = { "X-Forwarded-For": `${newAddress()}, ${proxy}` };
    told.push((await ask({ vars, headers })).status);
  }
  expect(told).toEqual([401, 401, 401, 401, 401, 429]);
});
