import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { exported, importInto, json, livelyRoom, room } from "./support/archive.ts";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { NO_TRACES, tracesOf } from "./support/traces.ts";

async function livelyTopic(): Promise<string> {
  const name = `topic:${room()}`;
  for (const [event, data] of [
    ["a/b", { x: 1 }],
    ["price", 41.5],
  ] as const) {
    await call("POST", `/v1/rooms/${name}/publish`, { body: { event, data } });
  }
  return name;
}

async function livelyInbox(): Promise<string> {
  const ben = `ben-${crypto.randomUUID()}`;
  for (let i = 1; i <= 4; i++) {
    await call("POST", `/v1/users/${ben}/notifications`, { body: { type: "t", title: `n${i}` } });
  }
  await call("POST", `/v1/rooms/user:${ben}/read?as=${ben}`, { body: { upTo: 1 } });
  await call("POST", `/v1/rooms/user:${ben}/read?as=${ben}`, { body: { ids: [3] } });
  return `user:${ben}`;
}

describe("an export", () => {
  it.each([
    ["chat", livelyRoom],
    ["topic", livelyTopic],
    ["inbox", livelyInbox],
  ])(
    "of a %s is the same after delete and import, also in another life of the object",
    async (_, make) => {
      const name = await make();
      const before = await exported(name);
      const views = ["messages", "poll", "users"];
      const seen = await Promise.all(views.map((view) => json(`${name}/${view}`)));
      expect((await call("DELETE", `/v1/rooms/${name}`)).status).toBe(204);
      const answer = await importInto(name, before);
      expect([answer.status, await answer.json()]).toMatchObject([
        201,
        { lines: before.split("\n").length - 1 },
      ]);
      expect(await exported(name)).toBe(before);
      await evictDurableObject(env.ROOM.getByName(name));
      expect(await exported(name)).toBe(before);
      for (const [i, view] of views.entries()) {
        expect({ ...(await json(`${name}/${view}`)), epoch: "" }).toEqual({
          ...seen[i],
          epoch: "",
        });
      }
    },
  );

  it("brings history, edits, deletions, reactions, receipts, bans and used keys back", async () => {
    const name = await livelyRoom();
    const text = await exported(name);
    expect(text).not.toContain("secret");
    await call("DELETE", `/v1/rooms/${name}`);
    await importInto(name, text);
    const ada = await Peer.connect(name, "ada");
    expect(ada.joined).toMatchObject({ seq: 9, reads: { ben: 3 } });
    expect(ada.joined.history.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2, 9]);
    expect(ada.joined.history[0]).toMatchObject({ reactions: { "👍": ["ada"] } });
    const again = await ada.ask(
      "send_message",
      { content: "héllo 響 \u2028", data: { b: 1, "2": [null, "x"] } },
      "m-1",
    );
    expect(again).toEqual({ success: true, savedId: 1, duplicate: true });
    // The chain of edits is whole: a deletion still takes all of them.
    await ada.ask("delete_message", { seq: 2 });
    const rows = await runInDurableObject(env.ROOM.getByName(name), (_, { storage }) =>
      JSON.stringify(storage.sql.exec("SELECT payload FROM log").toArray()),
    );
    expect(rows).not.toContain("edited");
    expect((await Peer.connect(name, "eve")).of("error")[0].code).toBe("banned");
    expect(await ada.say("goes on")).toMatchObject({ success: true, savedId: 11 });
  });

  it("lets cursors of the exported life go on as far as it went, and none further", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    for (const content of ["one", "two"]) await ada.say(content);
    const text = await exported(name);
    await ada.say("lost");
    await call("DELETE", `/v1/rooms/${name}`);
    await importInto(name, text);
    await call("POST", `/v1/rooms/${name}/messages?as=ada`, { body: { content: "new" } });
    const { epoch } = ada.joined;
    const poll = (since: number, of = epoch) => json(`${name}/poll?since=${since}&epoch=${of}`);
    expect(await poll(1)).toMatchObject({ recovered: true, seq: 3 });
    const caughtUp = (await poll(2)) as { epoch: string; events: { payload: object }[] };
    expect(caughtUp).toMatchObject({ recovered: true, events: [{ payload: { content: "new" } }] });
    // Whoever saw what was lost starts anew.
    expect(await poll(3)).toMatchObject({ recovered: false });
    expect(caughtUp.epoch).not.toBe(epoch);
    const second = await exported(name);
    await call("DELETE", `/v1/rooms/${name}`);
    await importInto(name, second);
    expect(await poll(2)).toMatchObject({ recovered: true, seq: 3 });
    expect(await poll(3, caughtUp.epoch)).toMatchObject({ recovered: true, events: [] });
    expect(await poll(3)).toMatchObject({ recovered: false });
  });

  it("of a name that nobody wrote to is empty, creates nothing, and can be imported", async () => {
    const name = room();
    const text = await exported(name);
    expect(text.split("\n").map((line) => (line === "" ? "" : JSON.parse(line).type))).toEqual([
      "room",
      "end",
      "",
    ]);
    expect(await tracesOf(name)).toEqual(NO_TRACES);
    expect((await importInto(name, text)).status).toBe(201);
  });

  it("of a trimmed log begins where the log does", async () => {
    const name = room();
    for (let i = 0; i < 6; i++) {
      await call("POST", `/v1/rooms/${name}/messages?as=ada`, { body: { content: `m${i}` } });
    }
    await runInDurableObject(env.ROOM.getByName(name), (_, { storage }) => {
      storage.sql.exec("DELETE FROM log WHERE seq < 4");
    });
    await evictDurableObject(env.ROOM.getByName(name));
    const text = await exported(name);
    const copy = room();
    expect((await importInto(copy, text)).status).toBe(201);
    expect(await json(`${copy}/messages`)).toMatchObject({
      seq: 6,
      messages: [{ seq: 4 }, {}, {}],
    });
    expect(await json(`${copy}/stats`)).toMatchObject({ logRows: 3 });
  });
});
