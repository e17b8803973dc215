import { describe, expect, it } from "vitest";
import { counter } from "../../fixtures/kinds/counter.ts";
import { EventReader } from "../support/event-reader.ts";
import { call } from "../support/http.ts";
import { Peer } from "../support/peer.ts";
import { tokenFor } from "../support/tokens.ts";

const room = () => `counter:${crypto.randomUUID()}`;
const TODAY = `?contract=${counter.version}.${counter.hash}`;
const OLDER = "?contract=2.00000000";
const OLDEST = "?contract=1.00000000";

describe("a client that names its contract", () => {
  it("is sent the state where it is another's, also on an event stream, and folds where it is the room's (P12.9)", async () => {
    const name = room();
    const same = await Peer.connect(name, "ada", { query: TODAY });
    const older = await Peer.connect(name, "ben", { query: OLDER, wire: "msgpack" });
    const plain = await Peer.connect(name, "cyd", { wire: "plain" });
    const streamed = await EventReader.open(name, "dan");
    const following = await EventReader.open(name, "eve", { query: TODAY });
    await same.ask("add", { by: 5 }, "m-1");
    for (const reader of [older, plain, streamed]) {
      await reader.see("state");
      const told = reader.frames.find(({ type }) => type === "state");
      expect(told?.payload).toEqual({ state: { sum: 5 }, seq: 1 });
    }
    await same.ask("add", { by: 1 }, "m-2");
    await older.see("state", 2);
    for (const reader of [same, following]) {
      expect(reader.frames.some(({ type }) => type === "state")).toBe(false);
    }
  });

  it("is turned away below the oldest version, on every way in (P12.10)", async () => {
    const name = room();
    const peer = await Peer.connect(name, "ada", { query: OLDEST });
    expect(peer.frames[0]).toMatchObject({ type: "error", payload: { code: "upgrade_required" } });
    await peer.until(() => peer.closed !== undefined);
    expect(peer.closed?.code).toBe(4426);
    const auth = await tokenFor("ada");
    for (const way of ["events", "poll", "poll?wait=1"]) {
      const query = way.includes("?") ? `&${OLDEST.slice(1)}` : OLDEST;
      const answer = await call("GET", `/v1/rooms/${name}/${way}${query}`, { auth });
      expect(answer.status, way).toBe(426);
      expect(await answer.json()).toMatchObject({ error: { code: "upgrade_required" } });
    }
    const nonsense = await call("GET", `/v1/rooms/${name}/poll?contract=three`, { auth });
    expect(nonsense.status).toBe(400);
  });

  it("is told the state by a poll, and by no frame among its events", async () => {
    const name = room();
    const auth = await tokenFor("ada");
    const ben = await Peer.connect(name, "ben");
    const start = await call("GET", `/v1/rooms/${name}/poll${OLDER}`, { auth });
    const { epoch, seq } = await start.json<{ epoch: string; seq: number }>();
    const asked = call("GET", `/v1/rooms/${name}/poll${OLDER}&wait=5&since=${seq}&epoch=${epoch}`, {
      auth,
    });
    await ben.ask("add", { by: 2 }, "m-1");
    const page = await (await asked).json<{ events: { type: string }[]; state: unknown }>();
    expect(page.events).toMatchObject([{ type: "add" }]);
    expect(page.state).toEqual({ sum: 2 });
  });
});
