import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EventReader } from "../support/event-reader.ts";
import { call } from "../support/http.ts";
import { Peer } from "../support/peer.ts";
import { tokenFor } from "../support/tokens.ts";

let auth: string;

// The clock stands still unless a test moves it; timers run as ever.
beforeEach(async () => {
  // Tokens are of the time that the Worker goes by, which no test moves.
  auth = await tokenFor("auditor");
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const room = (prefix = "desk:") => `${prefix}${crypto.randomUUID()}`;

/** Everything that a room has stored, an event as `who did what`. */
async function log(name: string, { joined }: Peer): Promise<readonly string[]> {
  const query = `since=0&epoch=${joined.epoch}`;
  const page = await (await call("GET", `/v1/rooms/${name}/poll?${query}`, { auth })).json<{
    events: readonly { type: string; userId: string }[];
  }>();
  return page.events.map(({ type, userId }) => `${userId} ${type}`);
}

async function untilLogged(name: string, peer: Peer, events: readonly string[]): Promise<void> {
  await vi.waitFor(async () => expect(await log(name, peer)).toEqual(events));
}

describe("a room whose rules hear of people", () => {
  it("hears of sockets and of streams, of each person once, and of nobody left (P15.1, P15.5)", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const again = await Peer.connect(name, "ada", { wire: "msgpack" });
    const ben = await EventReader.open(name, "ben");
    await ada.see("came", 2);
    ada.close();
    await ada.untilClosed();
    await ben.leave();
    await untilLogged(name, ada, ["ada came", "ben came", "ben went"]);
    again.close();
    const all = ["ada came", "ben came", "ben went", "ada went", "system emptied"];
    await untilLogged(name, ada, all);
    await runDurableObjectAlarm(env.ROOM.getByName(name));
    expect(await log(name, ada)).toEqual(all);
  });

  it("greets whoever comes as of the moment before, and tells it what came of it (P15.2)", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    expect(ada.joined).toMatchObject({ seq: 0, state: { here: [] } });
    await ada.see("came", 1);
    const ben = await Peer.connect(name, "ben");
    expect(ben.joined).toMatchObject({ seq: 1, state: { here: ["ada"] } });
  });

  it("lets in those for whom the rule fails, and sends those away whom it closes (P15.3, P15.4)", async () => {
    const name = room();
    const clumsy = await Peer.connect(name, "clumsy");
    expect(await clumsy.ask("rang", {}, "m-1")).toEqual({ success: true, savedId: 1 });
    expect(clumsy.of("error")).toEqual([]);
    const unwanted = await Peer.connect(name, "unwanted");
    await unwanted.untilClosed();
    expect(unwanted.closed?.code).toBe(4403);
    const events = ["clumsy rang", "unwanted came", "unwanted went"];
    await untilLogged(name, clumsy, events);
  });

  it("hears once of a person whose connections all ended while it slept", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const again = await Peer.connect(name, "ada");
    await evictDurableObject(env.ROOM.getByName(name));
    ada.close();
    again.close();
    await Promise.all([ada.untilClosed(), again.untilClosed()]);
    await untilLogged(name, ada, ["ada came", "ada went", "system emptied"]);
  });

  it("hears once that nobody is left of those who vanished with a crash (P15.6)", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await ada.see("came", 1);
    const stub = env.ROOM.getByName(name);
    for (let crash = 0; crash < 2; crash++) {
      await evictDurableObject(stub, { webSockets: "close" });
      vi.setSystemTime(Date.now() + 150_000);
      await runDurableObjectAlarm(stub);
      await untilLogged(name, ada, ["ada came", "system emptied"]);
    }
  });
});

describe("what a person shows of itself", () => {
  it("is told, listed and kept over a hibernation, of whichever transport and codec (P15.7, P15.8)", async () => {
    const name = room("room-");
    const ada = await Peer.connect(name, "ada", { wire: "msgpack" });
    const ben = await Peer.connect(name, "ben");
    const eve = await EventReader.open(name, "eve");
    const data = { color: "teal", at: [1, 2.5] };
    expect(await ada.ask("presence", { data }, "m-1")).toEqual({ success: true });
    const told = { userId: "ada", name: "ADA", data };
    await ben.see("user_updated");
    expect(ben.of("user_updated")).toEqual([told]);
    await eve.until(() => eve.frames.some(({ type }) => type === "user_updated"));
    await evictDurableObject(env.ROOM.getByName(name));
    const dan = await Peer.connect(name, "dan");
    expect(dan.joined.users).toContainEqual(told);
    const users = await call("GET", `/v1/rooms/${name}/users`, { auth });
    expect((await users.json<{ users: readonly object[] }>()).users).toContainEqual(told);
    ada.close();
    await dan.see("user_left");
    const again = await Peer.connect(name, "ada");
    expect(again.joined.users).toContainEqual({ userId: "ada", name: "ADA" });
    await eve.leave();
  });
});
