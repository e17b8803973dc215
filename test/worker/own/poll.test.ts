import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OPEN_MS } from "../../fixtures/kinds/poll.ts";
import { call } from "../support/http.ts";
import { Peer } from "../support/peer.ts";
import { tokenFor } from "../support/tokens.ts";

const room = () => `poll:${crypto.randomUUID()}`;

// The clock stands still unless a test moves it; timers run as ever.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function vote(peer: Peer, option: string, messageId: string) {
  return peer.ask("vote", { option }, messageId);
}

/** The newest frame of a type, once there is one. */
async function seen(peer: Peer, type: string) {
  await peer.see(type);
  return peer.frames.findLast((frame) => frame.type === type);
}

describe("a kind from outside of src", () => {
  it("is told, resumed and folded over a socket, whatever its codec", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const ben = await Peer.connect(name, "ben", { wire: "msgpack" });
    expect(ada.joined).toMatchObject({
      state: { open: true, votes: {} },
      contract: { version: 1 },
    });
    expect(await vote(ada, "soup", "m-1")).toEqual({ success: true, savedId: 1 });
    expect(await vote(ada, "soup", "m-1")).toMatchObject({ savedId: 1, duplicate: true });
    expect((await seen(ben, "vote"))?.payload).toEqual({ option: "soup" });
    expect(await vote(ben, "nothing", "m-2")).toMatchObject({ error: { code: "no_such_option" } });
    expect(await vote(ben, "crash", "m-3")).toMatchObject({ error: { code: "internal" } });
    const eve = await Peer.connect(name, "eve", { query: `?since=0&epoch=${ada.joined.epoch}` });
    expect(eve.joined).toMatchObject({ recovered: true, state: { votes: { ada: "soup" } } });
    expect(await seen(eve, "vote")).toMatchObject({ seq: 1, userId: "ada" });
  });

  it("is polled and counted over HTTP as every room is", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await vote(ada, "soup", "m-1");
    const auth = await tokenFor("ben");
    const query = `since=0&epoch=${ada.joined.epoch}`;
    const page = await call("GET", `/v1/rooms/${name}/poll?${query}`, { auth });
    expect(await page.json()).toMatchObject({
      seq: 1,
      events: [{ type: "vote", userId: "ada", payload: { option: "soup" } }],
      state: { votes: { ada: "soup" } },
    });
    const users = await call("GET", `/v1/rooms/${name}/users`, { auth });
    expect(await users.json()).toEqual({ users: [{ userId: "ada", name: "ADA" }] });
    const messages = await call("GET", `/v1/rooms/${name}/messages`, { auth });
    expect(messages.status).toBe(404);
  });

  it("sleeps with its sockets, and wakes with its state", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await vote(ada, "soup", "m-1");
    await evictDurableObject(env.ROOM.getByName(name));
    expect(await vote(ada, "bread", "m-2")).toEqual({ success: true, savedId: 2 });
    const ben = await Peer.connect(name, "ben");
    expect(ben.joined.state).toEqual({ open: true, votes: { ada: "bread" } });
  });

  it("is woken by the alarm for its timer", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await vote(ada, "soup", "m-1");
    const stub = env.ROOM.getByName(name);
    await evictDurableObject(stub);
    vi.setSystemTime(Date.now() + OPEN_MS + 1);
    await runDurableObjectAlarm(stub);
    expect(await seen(ada, "closed")).toMatchObject({ seq: 2, payload: { winner: "soup" } });
    expect(await vote(ada, "bread", "m-2")).toMatchObject({ error: { code: "closed" } });
  });

  it("stands beside the kinds that every deployment has", async () => {
    const ada = await Peer.connect(`room-${crypto.randomUUID()}`, "ada");
    expect(await ada.say("hello")).toEqual({ success: true, savedId: 1 });
  });
});
