import { describe, expect, it } from "vitest";
import * as z from "zod";
import { refusal } from "../../../src/client/live-room.ts";
import { contract } from "../../../src/contract/index.ts";
import { added, liveScene, tally } from "./support/live-scene.ts";
import { settle } from "./support/manual-clock.ts";
import { outcome } from "./support/outbox.ts";
import { ack, frame, joined, nack } from "./support/scene.ts";

describe("a room of a team's own kind", () => {
  it("names its contract at the door, and has its state from the greeting on", async () => {
    const { greet, network, room } = await liveScene();
    expect(network.socket.url.pathname).toBe("/v1/rooms/tally%3Aa/ws");
    expect(network.socket.url.searchParams.get("contract")).toBe(`3.${tally.hash}`);
    expect([room.state, room.you, room.status]).toEqual([undefined, undefined, "connecting"]);
    await greet(4);
    expect(room.state).toEqual({ sum: 4, last: "", open: true });
    expect(room.you).toEqual({ can: ["read", "write"], member: { role: "guest" } });
    expect(room.users).toEqual([{ userId: "ann", name: "Ann" }]);
    expect(room.status).toBe("open");
  });

  it("folds events by the contract, and tells each to its listeners with the state that has it", async () => {
    const { greet, network, room } = await liveScene();
    const heard: unknown[] = [];
    room.on("added", (event) => heard.push([event, room.state?.sum]));
    await greet(4);
    network.socket.say(added(1, 2), added(2, 3));
    const event = { actorId: "bob", timestamp: "2026-01-01T00:00:00.000Z" };
    expect(heard).toEqual([
      [{ ...event, data: { by: 2 }, seq: 1 }, 6],
      [{ ...event, data: { by: 3 }, seq: 2 }, 9],
    ]);
    expect(room.state).toEqual({ sum: 9, last: "bob", open: true });
  });

  it("keeps one state while nothing changes it, and lets nobody change it", async () => {
    const { greet, network, room } = await liveScene();
    await greet(4);
    const before = room.state;
    network.socket.say(frame("noted", { text: "a" }, { seq: 1, userId: "bob" }));
    expect(room.state).toBe(before);
    expect(() => Object.assign(room.state ?? {}, { sum: 7 })).toThrow(TypeError);
  });

  it("does not fold again what a greeting's state has, and tells it all the same", async () => {
    const { clock, greet, network, room } = await liveScene();
    const heard: number[] = [];
    room.on("added", ({ seq }) => heard.push(seq));
    await greet(1, { seq: 1 });
    network.socket.close(1006);
    await clock.advance(5_000);
    expect(network.socket.url.searchParams.get("since")).toBe("1");
    await greet(6, { seq: 3, recovered: true });
    network.socket.say(added(2, 2), added(3, 3));
    expect([room.state?.sum, heard]).toEqual([6, [2, 3]]);
    network.socket.say(added(4, 1));
    expect([room.state?.sum, heard]).toEqual([7, [2, 3, 4]]);
  });

  it("takes the greeting's state after a gap and in another life of the log", async () => {
    const { clock, greet, network, room } = await liveScene();
    await greet(5, { seq: 9 });
    for (const more of [{ seq: 5_000 }, { seq: 2, epoch: "e2" }]) {
      network.socket.close(1006);
      await clock.advance(5_000);
      await greet(more.seq, more);
      expect(room.state?.sum).toBe(more.seq);
      network.socket.say(added(more.seq + 1, 1));
      expect(room.state?.sum).toBe(more.seq + 1);
    }
  });

  it("is told its state where the room has another contract, and folds nothing", async () => {
    const { greet, network, room } = await liveScene();
    await greet(4, { contract: { version: 3, hash: "00000000" } });
    network.socket.say(added(1, 2));
    expect(room.state?.sum).toBe(4);
    const state = { sum: 40, last: "bob", open: true };
    network.socket.say(frame("state", { state, seq: 1 }));
    expect(room.state?.sum).toBe(40);
    network.socket.say(frame("state", { state: { ...state, sum: 1 }, seq: 0 }));
    expect(room.state?.sum).toBe(40);
  });

  it("asks the room for its state once an event cannot be folded here", async () => {
    const { clock, greet, network, room } = await liveScene();
    await greet(4);
    network.socket.say(added(1, 666));
    expect(room.status).toBe("reconnecting");
    expect(network.reported).toHaveLength(1);
    await clock.advance(1);
    const { searchParams } = network.socket.url;
    expect([searchParams.has("contract"), searchParams.get("since")]).toEqual([false, "1"]);
    await greet(670, { seq: 1, recovered: true });
    network.socket.say(added(2, 1));
    expect(room.state?.sum).toBe(670);
    network.socket.say(frame("state", { state: { sum: 671, last: "", open: true }, seq: 2 }));
    expect(room.state?.sum).toBe(671);
  });

  it("sends events, which survive a reconnect, and resolves with where they are", async () => {
    const { clock, greet, network, room } = await liveScene();
    const sent = room.send("added", { by: 2 });
    expect(room.pending).toBe(1);
    await greet(0);
    expect(network.socket.of("added")).toMatchObject([
      { messageId: "id-1", sentAt: 0, payload: { by: 2 } },
    ]);
    network.socket.close(1006);
    await clock.advance(5_000);
    await greet(0, { recovered: true });
    network.socket.say(ack("id-1", 1, { duplicate: true }));
    expect(await sent).toEqual({ seq: 1, duplicate: true });
    expect(room.pending).toBe(0);
  });

  it("keeps what waits when the log begins anew: it names nothing of the old one", async () => {
    const { clock, greet, network, room } = await liveScene();
    await greet(0, { seq: 7 });
    const sent = room.send("added", { by: 2 });
    network.socket.close(1006);
    await clock.advance(5_000);
    await greet(0, { epoch: "e2" });
    expect(network.socket.of("added")).toMatchObject([{ messageId: "id-1", sentAt: 0 }]);
    network.socket.say(ack("id-1", 1));
    expect(await sent).toEqual({ seq: 1, duplicate: false });
  });

  it("rejects with the room's own code and what it says beside it", async () => {
    const { greet, network, room } = await liveScene();
    await greet(0);
    const sent = outcome(room.send("added", { by: 2 }));
    await settle();
    network.socket.say(nack("id-1", "closed", { data: { since: 5 } }));
    const error = refusal(tally, await sent);
    expect([error?.code, error?.retryable, error?.data]).toEqual(["closed", false, { since: 5 }]);
    expect(refusal(tally, new Error("closed"))).toBeUndefined();
  });

  it("tells an event that is called as something of the SDK's own is", async () => {
    const { greet, network, room } = await liveScene();
    const heard: unknown[] = [];
    room.on("status", ({ data }) => heard.push(data));
    await greet(0);
    network.socket.say(frame("status", { text: "here" }, { seq: 1, userId: "bob" }));
    expect(heard).toEqual([{ text: "here" }]);
  });

  it("calls subscribers whenever something that it shows may have changed", async () => {
    const { greet, network, room } = await liveScene();
    const seen: unknown[] = [];
    const end = room.subscribe(() => seen.push([room.status, room.state?.sum, room.users.length]));
    await greet(1);
    expect(seen.at(-1)).toEqual(["open", 1, 1]);
    network.socket.say(added(1, 1));
    expect(seen.at(-1)).toEqual(["open", 2, 1]);
    network.socket.say(frame("user_joined", { userId: "bob", name: "Bob" }));
    expect(seen.at(-1)).toEqual(["open", 2, 2]);
    network.socket.close(1006);
    expect(seen.at(-1)).toEqual(["reconnecting", 2, 2]);
    const { length } = seen;
    end();
    void room.leave();
    expect(seen).toHaveLength(length);
  });

  it("shares one connection among its handles, and refuses another contract or name", async () => {
    const { client, network } = await liveScene();
    const again = client.room(tally, "tally:a");
    await settle();
    expect(network.sockets).toHaveLength(1);
    const newer = contract("tally", { version: 4, events: { added: z.object({}) } });
    const other = { code: "conflict" };
    expect(() => client.room(newer, "tally:a")).toThrow(expect.objectContaining(other));
    expect(() => client.room(tally, "poll:a" as "tally:a")).toThrow(expect.objectContaining(other));
    await settle();
    expect(network.sockets).toHaveLength(1);
    void client.close();
    expect(again.status).toBe("closed");
    await expect(again.send("added", {})).rejects.toMatchObject({ code: "disconnected" });
  });

  it("follows what its user may do, as the room tells it", async () => {
    const { greet, network, room } = await liveScene();
    await greet(0);
    network.socket.say(frame("you", { can: ["read"], member: { role: "owner" } }));
    expect(room.you).toEqual({ can: ["read"], member: { role: "owner" } });
  });

  it("is closed for good by what the room's own rule says of its user", async () => {
    const { network, room } = await liveScene();
    const error = { code: "not_a_member", message: "no", retryable: false };
    network.socket.say(frame("error", error));
    network.socket.close(4403);
    expect([room.status, room.reason?.code]).toEqual(["closed", "not_a_member"]);
  });
});

it("greets a chat beside it as ever", async () => {
  const { client, network } = await liveScene();
  const chat = client.room("general");
  await settle();
  network.socket.say(joined());
  await settle();
  expect(chat.status).toBe("open");
});
