import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { refuse } from "../../../src/contract/index.ts";
import { INNER_VERSION } from "../../../src/protocol/inner-version.ts";
import { type Answer, doorman, resetDoorman } from "../../fixtures/kinds/club.ts";
import { EventReader } from "../support/event-reader.ts";
import { call } from "../support/http.ts";
import { Peer } from "../support/peer.ts";
import { tokenFor } from "../support/tokens.ts";

const club = () => `club:${crypto.randomUUID()}`;
const OWNER: Answer = { can: ["read", "write"], member: { role: "owner" } };
const GUEST: Answer = { can: ["read"], member: { role: "guest" } };
const YOU = { can: ["read", "write"], member: { role: "owner" } };

/** A token that grants nothing at all: the doorman alone decides. */
const nothing = (sub: string) => tokenFor(sub, { rooms: {} });
const refused = (code: string) => ({ error: expect.objectContaining({ code }) });
const nudge = (room: string, body?: object) =>
  call("POST", `/v1/rooms/${room}/reauthorize`, body === undefined ? {} : { body });

type Way = (room: string, auth: string) => Promise<unknown>;

/** Every way in and what it answers where somebody is let in, as far as they tell of it. */
const REQUESTS: readonly (readonly [string, string, string, number])[] = [
  ["the state", "GET", "state", 404],
  ["a poll", "GET", "poll", 200],
  ["a long poll", "GET", "poll?wait=1", 200],
  ["people", "GET", "users", 200],
  ["an event", "POST", "events/said", 201],
];

const request =
  (method: string, path: string): Way =>
  async (room, auth) => {
    const body = method === "POST" ? { body: { text: "hello" } } : {};
    const response = await call(method, `/v1/rooms/${room}/${path}`, { auth, ...body });
    return [response.status, await response.json()];
  };

beforeEach(resetDoorman);

describe("authorize decides alone, by whatever way somebody comes (P14.1)", () => {
  it("lets a socket in whose token grants nothing, and tells it what it is (P14.4)", async () => {
    const room = club();
    const token = await nothing("ada");
    const ada = await Peer.connect(room, "ada", { token });
    expect(ada.joined.you).toEqual(YOU);
    expect(await ada.ask("said", { text: "who am I" })).toMatchObject({ success: true });
    await ada.see("seen");
    expect(ada.of("seen")).toEqual([{ role: "owner" }]);
    expect(doorman.asked).toMatchObject([{ actor: { id: "ada", name: "ADA" }, room, grants: [] }]);
  });

  it("lets an event stream in", async () => {
    const reader = await EventReader.open(club(), "ada");
    expect(reader.joined.you).toEqual(YOU);
    await reader.leave();
  });

  it.each(REQUESTS)("lets in for %s", async (_, method, path, status) => {
    const [answered] = (await request(method, path)(club(), await nothing("ada"))) as [number];
    expect(answered).toBe(status);
    expect(doorman.asked).toHaveLength(1);
  });

  it.each(REQUESTS)(
    "keeps out for %s whom it refuses, whatever the token grants",
    async (_, method, path) => {
      doorman.answer = async () => refuse("not_a_member", "Ask for one.", { status: 451, data: 7 });
      expect(await request(method, path)(club(), await tokenFor("ada"))).toEqual([
        451,
        {
          error: {
            code: "not_a_member",
            message: "Ask for one.",
            retryable: false,
            status: 451,
            data: 7,
          },
        },
      ]);
    },
  );

  it.each([
    [
      "whom it refuses with a code of the contract",
      "not_a_member",
      4403,
      async () => refuse("not_a_member"),
    ],
    [
      "whom it refuses by throwing",
      "access_denied",
      4403,
      () => Promise.reject(refuse("access_denied")),
    ],
    ["for whom it throws", "unavailable", 1011, () => Promise.reject(new Error("no database"))],
    [
      "whom it refuses with an unknown code",
      "internal",
      1011,
      () => Promise.reject(refuse("unheard_of")),
    ],
    ["whom it answers without a grant", "internal", 1011, async () => ({}) as Answer],
  ] as const)(
    "keeps a socket out %s, with an error and its close (P14.2, P14.3)",
    async (_, code, close, answer) => {
      doorman.answer = answer;
      const room = club();
      const ada = await Peer.connect(room, "ada");
      expect(ada.of("error")).toEqual([expect.objectContaining({ code })]);
      expect(await ada.untilClosed()).toMatchObject({ code: close });
      const stream = await call("GET", `/v1/rooms/${room}/events`, { auth: await tokenFor("ada") });
      expect(await stream.json()).toEqual(refused(code));
    },
  );

  it("answers 503 to who may come again when it fails, and lets nobody in (P14.2)", async () => {
    doorman.answer = () => Promise.reject(new Error("no database"));
    const response = await call("GET", `/v1/rooms/${club()}/poll`, { auth: await tokenFor("ada") });
    expect([response.status, response.headers.get("Retry-After")]).toEqual([503, "1"]);
    expect(await response.json()).toMatchObject({
      error: { code: "unavailable", retryable: true },
    });
  });

  it("gives no more than it says: who may read alone does not write", async () => {
    doorman.answer = async () => GUEST;
    const ada = await Peer.connect(club(), "ada");
    expect(await ada.ask("said", { text: "hello" })).toMatchObject(refused("access_denied"));
    const said = await request("POST", "events/said")(club(), await tokenFor("ada"));
    expect(said).toEqual([403, refused("access_denied")]);
  });

  it("is not asked about the API key, which rules see as the system (P14.1)", async () => {
    const room = club();
    const body = { text: "who am I" };
    expect((await call("POST", `/v1/rooms/${room}/events/said`, { body })).status).toBe(201);
    const page = await call("GET", `/v1/rooms/${room}/poll?as=ada&since=0`);
    expect(page.status).toBe(200);
    const rows = await call("GET", `/v1/rooms/${room}/export`);
    expect(await rows.text()).toContain('"payload":{"role":"system"}');
    expect(doorman.asked).toEqual([]);
  });

  it("is asked in chats as well, of a deployment that has a rule on them", async () => {
    const room = `backstage-${crypto.randomUUID()}`;
    const crew = await Peer.connect(room, "crew");
    expect(await crew.say("hello")).toMatchObject(refused("access_denied"));
    const ada = await Peer.connect(room, "ada");
    expect(ada.of("error")).toEqual([
      expect.objectContaining({ code: "no_pass", message: "Show your pass." }),
    ]);
    expect((await ada.untilClosed()).code).toBe(4403);
    const read = await call("GET", `/v1/rooms/${room}/messages`, { auth: await tokenFor("ada") });
    expect([read.status, await read.json()]).toEqual([422, refused("no_pass")]);
    const inbox = await Peer.connect("user:ada", "ada");
    expect(inbox.joined.unread).toBe(0);
  });

  it("is shown a request without its token in the address and without a body", async () => {
    const auth = await nothing("ada");
    const path = `/v1/rooms/${club()}/poll?token=${auth}&invite=7`;
    expect((await call("GET", path, { auth: "" })).status).toBe(200);
    const [asked] = doorman.asked;
    expect(new URL(asked?.request.url ?? "").search).toBe("?invite=7");
    expect(Object.hasOwn(asked?.env ?? {}, "API_KEY")).toBe(true);
  });
});

describe("what it answered", () => {
  it("is used again for requests of the same token, and not to let anybody stay (P14.9)", async () => {
    const room = club();
    const auth = await tokenFor("ada");
    await Promise.all([1, 2, 3].map(() => request("GET", "users")(room, auth)));
    await request("POST", "events/said")(room, auth);
    expect(doorman.asked).toHaveLength(1);
    doorman.answer = async () => refuse("not_a_member");
    const ada = await Peer.connect(room, "ada", { token: auth });
    expect((await ada.untilClosed()).code).toBe(4403);
    expect(await request("GET", "users")(room, auth)).toEqual([422, refused("not_a_member")]);
    await request("GET", "users")(room, await tokenFor("ada", { ttlSeconds: 500 }));
    expect(doorman.asked).toHaveLength(3);
  });

  it("is used again at the same address alone", async () => {
    const path = `/v1/rooms/${club()}/users?token=${await nothing("ada")}`;
    for (const address of ["192.0.2.1", "192.0.2.2", "192.0.2.1"])
      await call("GET", path, { auth: "", headers: { "CF-Connecting-IP": address } });
    expect(doorman.asked).toHaveLength(2);
  });

  it("is kept over a sleep, and no attachment of another deployment's is taken", async () => {
    const room = club();
    const ada = await Peer.connect(room, "ada");
    await evictDurableObject(env.ROOM.getByName(room));
    expect(await ada.ask("said", { text: "who am I" })).toMatchObject({ success: true });
    await ada.see("seen");
    expect(ada.of("seen")).toEqual([{ role: "owner" }]);
    expect(doorman.asked).toHaveLength(1);
  });

  it("is demanded by the room of whoever comes from a Worker that did not ask", async () => {
    const actor = { userId: "ada", name: "Ada", permissions: ["read", "write"] as const };
    const old = { ...actor, version: INNER_VERSION };
    const stub = env.ROOM.getByName(club());
    const frame = { type: "said", messageId: "m-1", payload: { text: "hi" } } as const;
    expect(await stub.submit(old, frame as never)).toMatchObject({
      ok: false,
      error: { code: "internal", retryable: true },
    });
    expect(await stub.poll(old, undefined)).toMatchObject({ ok: false });
  });
});

describe("POST /v1/rooms/:room/reauthorize", () => {
  it("has it asked about everybody inside, and what it answers holds at once (P14.6, P14.8)", async () => {
    const room = club();
    const [ada, ben, eve] = await Promise.all(
      ["ada", "ben", "eve"].map((user) => Peer.connect(room, user)),
    );
    if (ada === undefined || ben === undefined || eve === undefined) throw new Error("nobody");
    doorman.asked = [];
    doorman.answer = async ({ actor: { id } }) =>
      id === "ada" ? OWNER : id === "ben" ? GUEST : refuse("not_a_member", "No more.");
    const response = await nudge(room);
    expect([response.status, await response.json()]).toEqual([202, { asked: 3 }]);
    await ben.see("you");
    expect(ben.of("you")).toEqual([{ can: ["read"], member: { role: "guest" } }]);
    expect(await eve.untilClosed()).toMatchObject({ code: 4403, reason: "refused by a rule" });
    expect(eve.of("error")).toMatchObject([{ code: "not_a_member", message: "No more." }]);
    expect(await ben.ask("said", { text: "hi" })).toMatchObject(refused("access_denied"));
    expect(await ada.ask("said", { text: "hi" })).toMatchObject({ success: true });
    expect(ada.of("you")).toEqual([]);
    expect(doorman.asked).toHaveLength(3);
  });

  it("has it asked about one user alone, on all of their connections", async () => {
    const room = club();
    const peers = await Promise.all(["ada", "ada", "ben"].map((user) => Peer.connect(room, user)));
    doorman.answer = async () => GUEST;
    const response = await nudge(room, { userId: "ada" });
    expect(await response.json()).toEqual({ asked: 1 });
    await Promise.all(peers.slice(0, 2).map((peer) => peer.see("you")));
    expect(peers[2]?.of("you")).toEqual([]);
  });

  it("shows it the request by which they came, without what is secret", async () => {
    const room = club();
    const headers = { "User-Agent": "a browser", Cookie: "secret=1" };
    await Peer.connect(room, "ada", { query: "?invite=7", headers });
    doorman.asked = [];
    await nudge(room);
    await expect.poll(() => doorman.asked.length).toBe(1);
    const request = doorman.asked[0]?.request;
    expect(request?.url).toBe(`https://edge.test/v1/rooms/${room}/ws?invite=7`);
    expect(Object.fromEntries(request?.headers ?? [])).toEqual({ "user-agent": "a browser" });
  });

  it("is for the API key alone, and for rooms whose kind has a rule", async () => {
    const auth = await tokenFor("ada", { rooms: { "*": ["moderate"] } });
    const theirs = await call("POST", `/v1/rooms/${club()}/reauthorize`, { auth });
    expect(theirs.status).toBe(403);
    expect((await nudge("poll:x")).status).toBe(404);
    expect((await nudge(club(), { userId: "" })).status).toBe(400);
    expect(await (await nudge(club())).json()).toEqual({ asked: 0 });
  });
});

describe("a new token", () => {
  const refresh = async (peer: Peer, rooms = {}) =>
    peer.ask("refresh_token", { token: await tokenFor("ada", { rooms }) });

  it("has it asked again, with what the new one grants (P14.5)", async () => {
    const ada = await Peer.connect(club(), "ada");
    doorman.answer = async () => GUEST;
    expect(await refresh(ada, { "club:*": ["moderate"] })).toEqual({ success: true });
    expect(doorman.asked.at(-1)).toMatchObject({ grants: ["moderate"] });
    await ada.see("you");
    expect(ada.of("you")).toEqual([{ can: ["read"], member: { role: "guest" } }]);
    expect(ada.of("token_refreshed")).toHaveLength(1);
  });

  it("does not help whom it refuses now", async () => {
    const ada = await Peer.connect(club(), "ada");
    doorman.answer = async () => refuse("not_a_member");
    expect(await refresh(ada)).toMatchObject(refused("not_a_member"));
    expect((await ada.untilClosed()).code).toBe(4403);
  });

  it("is taken while it cannot be asked: its answer stands once more", async () => {
    const ada = await Peer.connect(club(), "ada");
    doorman.answer = () => Promise.reject(new Error("no database"));
    expect(await refresh(ada)).toEqual({ success: true });
    expect(await ada.ask("said", { text: "hi" })).toMatchObject({ success: true });
  });
});
