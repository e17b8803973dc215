import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { app } from "./support/app.ts";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { RoomsPeer } from "./support/rooms-peer.ts";
import { tokenFor } from "./support/tokens.ts";

const room = () => `room-${crypto.randomUUID()}`;

describe("many rooms over one socket", () => {
  it.each(["json", "msgpack", "plain"] as const)(
    "names the room in every frame, both ways (wire %s)",
    async (wire) => {
      const [one, two] = [room(), room()];
      const ada = await RoomsPeer.connect("ada", { wire });
      expect(ada.frames).toEqual([]);
      const joined = await ada.join(one);
      expect(joined).toMatchObject({ type: "joined_room", room: one, payload: { roomId: one } });
      await ada.join(two);
      const ack = await ada.say(two, "in the second");
      expect(ack).toMatchObject({ room: two, payload: { success: true, savedId: 1 } });
      const ben = await Peer.connect(one, "ben");
      await ben.say("in the first");
      await ada.see(({ type }) => type === "new_message" && ada.heard(one).length > 0);
      expect(ada.heard(one)).toEqual(["in the first"]);
      expect(ada.heard(two)).toEqual(["in the second"]);
      expect(ada.in(one).map(({ type }) => type)).toContain("user_joined");
      if (wire === "plain")
        expect(ada.raw.some((text) => String(text).includes("batch"))).toBe(false);
    },
  );

  it("tells of a room that is refused, and goes on with the others", async () => {
    const open = room();
    const token = await tokenFor("ada", { rooms: { [open]: ["read", "write"] } });
    const ada = await RoomsPeer.connect("ada", { token });
    await ada.join(open);
    expect(await ada.join("secret")).toMatchObject({
      type: "left",
      room: "secret",
      payload: { code: 4403, reason: "access_denied", error: { code: "access_denied" } },
    });
    expect(await ada.join("no room's name!")).toMatchObject({ payload: { code: 4400 } });
    expect(await ada.say(open, "still here")).toMatchObject({ payload: { success: true } });
  });

  it("answers what it cannot do by the messageId, or as an error", async () => {
    const name = room();
    const ada = await RoomsPeer.connect("ada");
    expect(await ada.say(name, "too early")).toMatchObject({
      room: name,
      payload: { success: false, error: { code: "conflict" } },
    });
    await ada.join(name);
    ada.send({ type: "join", room: name, messageId: "again" });
    expect(await ada.see(({ messageId }) => messageId === "again")).toMatchObject({
      type: "ack",
      room: name,
      payload: { success: false, error: { code: "conflict" } },
    });
    ada.send({ type: "typing_start" });
    expect(await ada.see(({ type }) => type === "error")).toMatchObject({
      payload: { code: "invalid_frame" },
    });
    ada.send({ type: "leave", room: name });
    expect(await ada.see(({ type }) => type === "left")).toMatchObject({
      room: name,
      payload: { code: 1000 },
    });
  });

  it("says what was said to a room that is still being entered once it is", async () => {
    const name = room();
    const ada = await RoomsPeer.connect("ada");
    ada.send({ type: "join", room: name });
    expect(await ada.say(name, "at once")).toMatchObject({ payload: { success: true } });
    expect(ada.frames[0]).toMatchObject({ type: "joined_room", room: name });
  });

  it("resumes each room by its own cursor", async () => {
    const [one, two] = [room(), room()];
    const before = await RoomsPeer.connect("ada");
    const places = await Promise.all([one, two].map((name) => before.join(name)));
    before.socket.close(1000);
    for (const name of [one, two, one]) {
      await call("POST", `/v1/rooms/${name}/messages?as=ben`, { body: { content: `to ${name}` } });
    }
    const after = await RoomsPeer.connect("ada");
    for (const { room: name = "", payload } of places) {
      const { seq: since, epoch } = payload;
      expect(await after.join(name, { since, epoch })).toMatchObject({
        payload: { recovered: true, history: [] },
      });
    }
    await vi.waitFor(() => {
      expect(after.heard(one)).toEqual([`to ${one}`, `to ${one}`]);
      expect(after.heard(two)).toEqual([`to ${two}`]);
    });
  });

  it("ends one room whose moderator puts somebody out, and no other (P20.4)", async () => {
    const [one, two] = [room(), room()];
    const ada = await RoomsPeer.connect("ada");
    await ada.join(one);
    await ada.join(two);
    await call("DELETE", `/v1/rooms/${one}/users/ada`, {});
    expect(await ada.see(({ type }) => type === "left")).toMatchObject({
      room: one,
      payload: { code: 4403 },
    });
    expect(await ada.say(two, "go on")).toMatchObject({ payload: { success: true } });
    expect(ada.closed).toBeUndefined();
  });

  it("takes 32 rooms and refuses the next one", async () => {
    const ada = await RoomsPeer.connect("ada");
    const names = Array.from({ length: 33 }, room);
    const came = [];
    for (const name of names) came.push(await ada.join(name));
    expect(came.slice(0, 32).every(({ type }) => type === "joined_room")).toBe(true);
    expect(came[32]).toMatchObject({ type: "left", payload: { code: 4429 } });
  });

  it("answers the heartbeat, and ends after ten bad frames in a row (P20.5)", async () => {
    const name = room();
    const ada = await RoomsPeer.connect("ada");
    await ada.join(name);
    ada.socket.send('{"type":"ping"}');
    await ada.see(({ type }) => type === "pong");
    for (let frame = 0; frame < 10; frame++) ada.socket.send("{");
    await vi.waitFor(() => expect(ada.closed).toMatchObject({ code: 4400 }));
  });

  it("ends with the token, unless a new one of the same user came before", async () => {
    const name = room();
    const ada = await RoomsPeer.connect("ada", { token: await tokenFor("ada", { ttlSeconds: 2 }) });
    await ada.join(name);
    ada.send({
      type: "refresh_token",
      messageId: "other",
      payload: { token: await tokenFor("ben") },
    });
    expect(await ada.see(({ messageId }) => messageId === "other")).toMatchObject({
      payload: { success: false, error: { code: "unauthorized" } },
    });
    const token = await tokenFor("ada", { ttlSeconds: 4 });
    ada.send({ type: "refresh_token", messageId: "mine", payload: { token } });
    expect(await ada.see(({ messageId }) => messageId === "mine")).toMatchObject({
      type: "token_refreshed",
    });
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    expect(await ada.say(name, "by the new one")).toMatchObject({ payload: { success: true } });
    await vi.waitFor(() => expect(ada.closed).toMatchObject({ code: 4401 }), { timeout: 5_000 });
  });

  it("goes on with a token that is good for years, and with nothing said for long where that may be", async () => {
    const name = room();
    const token = await tokenFor("ada", { ttlSeconds: 5 * 365 * 86_400 });
    const ada = await RoomsPeer.connect("ada", { token, wire: "plain" });
    await ada.join(name);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await ada.say(name, "still here")).toMatchObject({ payload: { success: true } });
  });

  it.each([1000, 1001])(
    "is left by whoever closes with %i, in every room at once",
    async (code) => {
      const names = [room(), room()];
      const ada = await RoomsPeer.connect("ada");
      for (const name of names) await ada.join(name);
      const others = await Promise.all(names.map((name) => Peer.connect(name, "ben")));
      ada.socket.close(code);
      for (const ben of others) await ben.see("user_left");
    },
  );

  it("counts every room that somebody comes into as a request of theirs", async () => {
    const USER_RATE = { limit: async () => ({ success: false }) };
    const [one, two] = [room(), room()];
    const auth = { Authorization: `Bearer ${await tokenFor("ada")}` };
    const request = new Request(`https://edge.test/v1/poll?rooms=${one},${two}`, { headers: auth });
    const counted: string[] = [];
    const counting = {
      limit: async ({ key }: { key: string }) => {
        counted.push(key);
        return { success: counted.length < 3 };
      },
    };
    const response = await app.fetch(
      request,
      { ...env, USER_RATE: counting },
      createExecutionContext(),
    );
    expect(counted).toEqual(["ada", "ada", "ada"]);
    expect(await response.json()).toMatchObject({
      left: { [two]: { code: 4429, error: { code: "rate_limited" } } },
    });
    const refused = await app.fetch(
      request.clone(),
      { ...env, USER_RATE },
      createExecutionContext(),
    );
    expect(refused.status).toBe(429);
  });
});
