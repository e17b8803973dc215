import { describe, expect, it } from "vitest";
import * as z from "zod";
import { RealtimeClient } from "../../../src/client/client.ts";
import { refusal } from "../../../src/client/live-room.ts";
import { contract } from "../../../src/contract/index.ts";
import { answer } from "./support/fake-http.ts";
import { FakeNetwork } from "./support/fake-network.ts";
import { added, liveScene, tally } from "./support/live-scene.ts";
import { ManualClock, settle } from "./support/manual-clock.ts";
import { outcome } from "./support/outbox.ts";
import { ack, frame, nack } from "./support/scene.ts";

describe("an event that is folded optimistically", () => {
  it("is in the state at once, and once when it has come, whatever comes first", async () => {
    for (const isAckFirst of [true, false]) {
      const { greet, network, room } = await liveScene();
      await greet(1);
      const sent = room.send("added", {}, { optimistic: true });
      expect(room.state).toEqual({ sum: 2, last: "ann", open: true });
      await settle();
      const comes = [ack("id-1", 1), added(1, 1, "ann")];
      for (const one of isAckFirst ? comes : comes.toReversed()) {
        network.socket.say(one);
        expect(room.state?.sum).toBe(2);
        await settle();
        expect(room.state?.sum).toBe(2);
      }
      expect((await sent).seq).toBe(1);
      network.socket.say(added(2, 5));
      expect(room.state?.sum).toBe(7);
    }
  });

  it("is undone when it is refused, and what others did stays", async () => {
    const { greet, network, room } = await liveScene();
    await greet(1);
    const sent = outcome(room.send("added", { by: 10 }, { optimistic: true }));
    await settle();
    network.socket.say(added(1, 2));
    expect(room.state?.sum).toBe(13);
    network.socket.say(nack("id-1", "too_much"));
    await sent;
    await settle();
    expect(room.state?.sum).toBe(3);
  });

  it("stands over what others did meanwhile, and beside the same from another tab", async () => {
    const { greet, network, room } = await liveScene();
    await greet(0);
    void room.send("added", { by: 1 }, { optimistic: true });
    await settle();
    // From another tab of the same person: taken for it, until the acknowledgement says better.
    network.socket.say(added(1, 10, "ann"));
    network.socket.say(ack("id-1", 2));
    await settle();
    expect(room.state?.sum).toBe(11);
    network.socket.say(added(2, 1, "ann"));
    expect(room.state?.sum).toBe(11);
  });

  it("is not guessed at when the contract does not take it", async () => {
    const { greet, room } = await liveScene();
    await greet(0);
    void outcome(room.send("added", { by: "x" as unknown as number }, { optimistic: true }));
    void outcome(room.send("added", { by: 666 }, { optimistic: true }));
    expect(room.state?.sum).toBe(0);
  });

  it("leaves what the application handed over to it, whatever the schema passes through", async () => {
    const network = new FakeNetwork(new ManualClock());
    const { environment } = network;
    const client = new RealtimeClient({ url: "https://edge.example", token: "t", environment });
    const kept = contract("kept", { events: { put: z.unknown() }, state: z.unknown(), initial: 0 });
    const room = client.room(kept, "kept:a");
    const mine = { list: [1] };
    void outcome(room.send("put", mine, { optimistic: true }));
    await settle();
    expect(Object.isFrozen(mine) || Object.isFrozen(mine.list)).toBe(false);
    void client.close();
  });

  it("is in the first state that comes", async () => {
    const { greet, room } = await liveScene();
    void room.send("added", { by: 3 }, { optimistic: true });
    await greet(1);
    expect(room.state?.sum).toBe(4);
  });
});

describe("a query", () => {
  it("is asked once there is a connection, and again on the next one", async () => {
    const { clock, greet, network, room } = await liveScene();
    const asked = room.query("sum", { above: 1 });
    await settle();
    await greet(0);
    const query = {
      type: "query",
      messageId: "id-1",
      payload: { name: "sum", input: { above: 1 } },
    };
    expect(network.socket.of("query")).toEqual([query]);
    network.socket.close(1006);
    await clock.advance(5_000);
    await greet(0, { recovered: true });
    expect(network.socket.of("query")).toEqual([query]);
    network.socket.say(frame("answer", { success: true, output: 7 }, { messageId: "id-1" }));
    expect(await asked).toBe(7);
  });

  it("asks with what it was given, whatever becomes of that until there is a connection", async () => {
    const { greet, network, room } = await liveScene();
    const input = { above: 1 };
    void outcome(room.query("sum", input));
    await settle();
    input.above = 2;
    await greet(0);
    expect(network.socket.of("query")).toMatchObject([{ payload: { input: { above: 1 } } }]);
    const odd = outcome(room.query("sum", { above: 1n as never }));
    expect(await odd).toMatchObject({ code: "invalid_frame" });
  });

  it("rejects with the room's refusal, by whatever frame, and in the end without an answer", async () => {
    const { clock, greet, network, room } = await liveScene();
    await greet(0);
    const asked = [1, 2, 3].map((above) => outcome(room.query("sum", { above })));
    await settle();
    const error = { code: "closed", message: "no", retryable: false };
    network.socket.say(frame("answer", { success: false, error }, { messageId: "id-1" }));
    network.socket.say(nack("id-2", "access_denied"));
    await clock.advance(15_000);
    const codes = (await Promise.all(asked)).map((one) => refusal(tally, one)?.code);
    expect(codes).toEqual(["closed", "access_denied", "timeout"]);
    void room.leave();
  });

  it("goes out once a connection, as the quota comes, however many wait for it", async () => {
    const { clock, greet, network, room } = await liveScene();
    await greet(0);
    const all = Array.from({ length: 120 }, (_, above) => outcome(room.query("sum", { above })));
    await settle();
    const before = clock.pending;
    await clock.advance(5_000);
    const ids = network.socket.of("query").map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(120);
    expect(clock.pending).toBeLessThanOrEqual(before);
    void room.leave();
    await Promise.all(all);
  });

  it("ends with the room", async () => {
    const { greet, network, room } = await liveScene();
    await greet(0);
    const asked = outcome(room.query("sum", { above: 1 }));
    await settle();
    network.socket.close(4403);
    expect(refusal(tally, await asked)?.code).toBe("disconnected");
    const late = await outcome(room.query("sum", { above: 1 }));
    expect(refusal(tally, late)?.code).toBe("disconnected");
  });
});

describe("a query of a room that was left", () => {
  it("is not asked, though others hold the room", async () => {
    const { client, greet, network, room } = await liveScene();
    const other = client.room(tally, "tally:a");
    await greet(0);
    void other.leave();
    const asked = await outcome(other.query("sum", { above: 1 }));
    expect(refusal(tally, asked)?.code).toBe("disconnected");
    expect(network.socket.of("query")).toEqual([]);
    void room.leave();
  });

  it("ends at once where there never was a connection", async () => {
    const { client, room } = await liveScene();
    void client.close();
    expect(refusal(tally, await outcome(room.query("sum", { above: 1 })))?.code).toBe(
      "disconnected",
    );
  });
});

describe("over polls", () => {
  it("has the state of each page, says events by requests, and asks by them", async () => {
    const pages: ((body: object) => void)[] = [];
    const { clock, network, room } = await liveScene({ transport: "poll" });
    network.respond = ({ pathname, search }, _, { method, body }) => {
      const path = pathname.replace("/v1/rooms/tally%3Aa/", "");
      if (method === "POST") return answer(201, { savedId: 2, path, body });
      if (path === "users") return answer(200, { users: [{ userId: "ann", name: "Ann" }] });
      if (path === "query/sum") return answer(200, { output: decodeURIComponent(search) });
      return new Promise((resolve) => pages.push((page) => resolve(answer(200, page))));
    };
    const tell = async (seq: number, sum: number, ...events: readonly object[]) => {
      const state = { sum, last: "", open: true };
      pages.at(-1)?.({ events, epoch: "e1", seq, recovered: true, state });
      await settle();
    };
    await clock.advance(1_000);
    await tell(0, 5);
    await settle();
    expect([room.status, room.state?.sum, room.users.length]).toEqual(["open", 5, 1]);
    const heard: number[] = [];
    room.on("added", ({ data }) => heard.push(data.by));
    await tell(1, 6, added(1, 1));
    expect([room.state?.sum, heard]).toEqual([6, [1]]);
    expect(await room.send("added", { by: 9 })).toEqual({ seq: 2, duplicate: false });
    const post = network.requests.find(({ method }) => method === "POST");
    expect([post?.url.pathname, post?.key, post?.body]).toEqual([
      "/v1/rooms/tally%3Aa/events/added",
      "id-1",
      { by: 9 },
    ]);
    expect(await room.query("sum", { above: 2 })).toBe('?input={"above":2}');
    void room.leave();
  });
});
