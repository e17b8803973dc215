import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { app } from "./support/app.ts";
import { call } from "./support/http.ts";
import { tokenFor } from "./support/tokens.ts";

interface Guest {
  readonly token: string;
  readonly userId: string;
  readonly name: string;
}

const DAY_SECONDS = 86_400;

async function guest(body: object, vars: object = {}): Promise<Response> {
  const request = new Request("https://edge.test/v1/guests", {
    method: "POST",
    body: JSON.stringify({ name: "Ada", ...body }),
  });
  return app.fetch(request, { ...env, GUEST_RATE: undefined, ...vars });
}

const newGuest = async (vars: object = {}) => (await guest({}, vars)).json<Guest>();

async function codeOf(response: Response): Promise<string> {
  return (await response.json<{ error: { code: string } }>()).error.code;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a guest who comes back", () => {
  it("is the same user, under whatever name, and may edit what was written before (P2.12)", async () => {
    const first = await newGuest();
    const room = `room-${crypto.randomUUID()}`;
    await call("POST", `/v1/rooms/${room}/messages`, {
      auth: first.token,
      body: { content: "mine" },
    });
    const renewed = await guest({ name: "Ada L.", renew: first.token });
    expect(renewed.status).toBe(201);
    const second = await renewed.json<Guest>();
    expect([second.userId, second.name]).toEqual([first.userId, "Ada L."]);
    const edited = await call("PATCH", `/v1/rooms/${room}/messages/1`, {
      auth: second.token,
      body: { content: "still mine" },
    });
    expect(edited.status).toBe(200);
  });

  it.each([
    ["an hour ago", 3_600, 201],
    ["29 days ago", 29 * DAY_SECONDS, 201],
    ["31 days ago", 31 * DAY_SECONDS, 401],
  ])("may by a token that ended %s: %i", async (_, ago, status) => {
    const renew = await tokenFor("guest-1", { guest: true, ttlSeconds: -ago });
    expect((await guest({ renew })).status).toBe(status);
  });

  it("stays banned", async () => {
    const { token, userId } = await newGuest();
    const room = `room-${crypto.randomUUID()}`;
    await call("DELETE", `/v1/rooms/${room}/users/${userId}?ban=600`);
    const renewed = await (await guest({ renew: token })).json<Guest>();
    const refused = await call("GET", `/v1/rooms/${room}/poll`, { auth: renewed.token });
    expect(await codeOf(refused)).toBe("banned");
  });

  it.each([
    ["a user's own token", () => tokenFor("ada")],
    ["a user whom a backend called so", () => tokenFor("guest-1")],
    ["a token that says so for somebody else", () => tokenFor("ada", { guest: true })],
    ["no token", async () => "hush"],
    ["another server's", async () => `${(await newGuest()).token.slice(0, -4)}AAAA`],
  ])("is not %s", async (_, renew) => {
    const response = await guest({ renew: await renew() });
    expect([response.status, await codeOf(response)]).toEqual([401, "unauthorized"]);
  });
});

describe("what guests may do", () => {
  it.each([
    ["*", "lobby", 201, 202],
    ["lobby*, help", "lobby-2", 201, 202],
    ["lobby*, help", "help", 201, 202],
    ["lobby*, help", "help-2", 403, 403],
    ["lobby*", "board", 403, 403],
    ["*", "user:ada", 403, 403],
  ])(
    "where GUEST_ROOMS is %s: send to %s is %i, publish %i",
    async (rooms, name, send, publish) => {
      const { token: auth } = await newGuest({ GUEST_ROOMS: rooms });
      const path = `/v1/rooms/${name}`;
      const sent = await call("POST", `${path}/messages`, { auth, body: { content: "hi" } });
      const told = await call("POST", `${path}/publish`, { auth, body: { event: "x", data: 1 } });
      expect([sent.status, told.status]).toEqual([send, publish]);
    },
  );

  it.each(["*", "lobby*", "t*"])("is to watch topics and never to publish (%s)", async (rooms) => {
    const { token: auth } = await newGuest({ GUEST_ROOMS: rooms });
    const path = "/v1/rooms/topic:prices";
    expect((await call("GET", `${path}/poll`, { auth })).status).toBe(200);
    const told = await call("POST", `${path}/publish`, { auth, body: { event: "x", data: 1 } });
    expect([told.status, await codeOf(told)]).toEqual([403, "access_denied"]);
  });
});

describe("a guest who wants less", () => {
  const reader = (body: object = {}, vars?: object) =>
    guest({ rooms: { "document:plan": ["read"] }, ...body }, vars);

  it("gets that alone, as the same user, in one document (P2.12)", async () => {
    const whole = await newGuest();
    const { token: auth, userId } = await (await reader({ renew: whole.token })).json<Guest>();
    expect(userId).toBe(whole.userId);
    const statuses = await Promise.all([
      call("GET", "/v1/documents/plan/versions", { auth }),
      call("POST", "/v1/documents/plan/versions", { auth }),
      call("GET", "/v1/documents/other/versions", { auth }),
      call("GET", "/v1/rooms/lobby/poll", { auth }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([200, 403, 403, 403]);
  });

  it("does not come to more by renewing it (P2.12)", async () => {
    const { token: renew } = await (await reader()).json<Guest>();
    const response = await guest({ renew });
    expect([response.status, await codeOf(response)]).toEqual([401, "unauthorized"]);
  });

  it.each([
    ["another right", { "document:plan": ["moderate"] }, "*", 403, "access_denied"],
    ["to publish to a topic", { "topic:prices": ["publish"] }, "*", 403, "access_denied"],
    ["rooms without guests", { "document:plan": ["read"] }, "lobby*", 403, "access_denied"],
    ["somebody's inbox", { "user:ada": ["read"] }, "*", 403, "access_denied"],
    ["a prefix", { "document:*": ["read"] }, "*", 400, "invalid_request"],
  ] as const)("is not given %s (P2.12)", async (_, rooms, patterns, status, code) => {
    const response = await reader({ rooms }, { GUEST_ROOMS: patterns });
    expect([response.status, await codeOf(response)]).toEqual([status, code]);
  });
});

describe("the log", () => {
  it("says who made which token for whom, and never the token", async () => {
    const said: string[] = [];
    vi.spyOn(console, "log").mockImplementation((line) => void said.push(String(line)));
    const first = await newGuest();
    await guest({ renew: first.token });
    const request = new Request("https://edge.test/v1/tokens", {
      method: "POST",
      headers: { Authorization: `Bearer ${env.API_KEY}` },
      body: JSON.stringify({ sub: "ben", rooms: { "team-*": ["read", "write"] } }),
    });
    await app.fetch(request, env);
    const audits = said
      .map((line): Record<string, unknown> => JSON.parse(line))
      .filter(({ event }) => event === "audit");
    const grants = ["*: read write publish", "topic:*: read"];
    const { userId } = first;
    expect(audits.map(({ at: _, event: __, ...line }) => line)).toEqual([
      { action: "mint_guest", by: userId, target: userId, grants },
      { action: "renew_guest", by: userId, target: userId, grants },
      { action: "mint_token", by: "backend", target: "ben", grants: ["team-*: read write"] },
    ]);
    expect(said.join()).not.toMatch(/eyJ/);
  });
});
