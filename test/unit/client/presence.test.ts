import { describe, expect, it } from "vitest";
import { settle } from "./support/manual-clock.ts";
import { frame, openScene, type Scene, scene } from "./support/scene.ts";

function types({ network }: Scene): readonly string[] {
  return network.socket.frames.map(({ type }) => type);
}

describe("people", () => {
  it("have what each shows of itself, by the greeting and since", async () => {
    const { greet, network, room, log } = await scene();
    const bob = { userId: "bob", name: "Bob" };
    const shows = (data: unknown) => frame("user_updated", { ...bob, data });
    await greet({ users: [{ ...bob, data: "away" }] });
    expect(room.users).toEqual([{ ...bob, data: "away" }]);
    network.socket.say(shows({ color: "red" }));
    expect(room.users).toEqual([{ ...bob, data: { color: "red" } }]);
    expect(log.at(-1)).toEqual({
      type: "user_updated",
      payload: { ...bob, data: { color: "red" } },
    });
    network.socket.say(frame("user_updated", { userId: "nobody", name: "N", data: 1 }));
    network.socket.say(shows(null));
    expect(room.users).toEqual([bob]);
    network.socket.say(shows(1), frame("user_left", bob), frame("user_joined", bob));
    expect(room.users).toEqual([bob]);
  });

  it("show something of this user on each connection, the newest of it, until it is taken back", async () => {
    const { clock, greet, network, room } = await scene();
    room.present("away");
    await greet();
    const shown = () => network.socket.of("presence").map(({ payload }) => payload?.data);
    expect(shown()).toEqual(["away"]);
    network.socket.close(1006);
    room.present({ color: "red" });
    await clock.advance(5_000);
    await greet({ recovered: true });
    expect(shown()).toEqual([{ color: "red" }]);
    network.socket.close(1006);
    await clock.advance(5_000);
    await greet({ recovered: true });
    expect(shown()).toEqual([{ color: "red" }]);
    room.present(null);
    expect(shown()).toEqual([{ color: "red" }, null]);
  });

  it("go out at the pace of the quota, and the last thing shown always does", async () => {
    const { clock, network, room } = await openScene();
    for (let at = 0; at < 100; at += 1) room.present(at);
    await clock.advance(10_000);
    const shown = network.socket.of("presence").map(({ payload }) => payload?.data);
    expect(shown.at(-1)).toBe(99);
    expect(shown.length).toBeLessThan(50);
  });

  it("are told nothing by whoever has left, nor what JSON cannot carry", async () => {
    const { network, room } = await openScene();
    expect(() => room.present((() => 1) as never)).toThrow("JSON");
    const { socket } = network;
    void room.leave();
    room.present("here");
    await settle();
    expect(socket.of("presence")).toEqual([]);
  });

  it("hear of what was refused that nobody waits for", async () => {
    const { network, log } = await openScene();
    const error = { code: "access_denied", message: "no", retryable: false };
    network.socket.say(frame("error", error));
    expect(log.at(-1)).toEqual({ type: "error", payload: error });
  });

  it("keeps the list of users up to date", async () => {
    const { network, room } = await openScene();
    const bob = { userId: "bob", name: "Bob" };
    const before = room.users;
    network.socket.say(frame("user_joined", bob));
    expect(room.users).toEqual([{ userId: "ann", name: "Ann" }, bob]);
    network.socket.say(frame("user_joined", { userId: "bob", name: "Robert" }));
    expect(room.users[1]).toEqual({ userId: "bob", name: "Robert" });
    network.socket.say(frame("user_left", bob));
    expect(room.users).toEqual(before);
    expect(before).toHaveLength(1);
  });

  it("keeps receipts up to date, and never lets one move down", async () => {
    const { network, room } = await openScene();
    network.socket.say(frame("messages_read", { userId: "bob", upTo: 5 }));
    network.socket.say(frame("messages_read", { userId: "bob", upTo: 3 }));
    network.socket.say(frame("messages_read", { userId: "toString", upTo: 1 }));
    expect(room.reads).toEqual({ bob: 5, toString: 1 });
  });
});

describe("typing", () => {
  it("says typing_start at most once in 4 s, however many keys are pressed", async () => {
    const opened = await openScene();
    for (let key = 0; key < 90; key += 1) {
      opened.room.typing();
      await opened.clock.advance(100);
    }
    expect(types(opened)).toEqual(["typing_start", "typing_start", "typing_start"]);
  });

  it("says typing_end by itself 5 s after the last key", async () => {
    const opened = await openScene();
    opened.room.typing();
    await opened.clock.advance(2_000);
    opened.room.typing();
    await opened.clock.advance(4_999);
    expect(types(opened)).toEqual(["typing_start"]);
    await opened.clock.advance(1);
    expect(types(opened)).toEqual(["typing_start", "typing_end"]);
  });

  it("says typing_end when told to, once, and only if it had begun", async () => {
    const opened = await openScene();
    opened.room.typing(false);
    opened.room.typing();
    opened.room.typing(false);
    opened.room.typing(false);
    await opened.clock.advance(20_000);
    expect(types(opened)).toEqual(["typing_start", "typing_end"]);
  });

  it("ends locally when a message is sent, since the server says it for us", async () => {
    const opened = await openScene();
    opened.room.typing();
    await settle();
    void opened.room.send("hello").catch(() => {});
    await opened.clock.advance(4_000);
    expect(types(opened)).toEqual(["typing_start", "send_message"]);
    opened.room.typing();
    expect(types(opened).at(-1)).toBe("typing_start");
  });

  it("is not told after the message that was typed, however late its code comes", async () => {
    const opened = await openScene();
    opened.room.typing();
    void opened.room.send("hello").catch(() => {});
    await opened.clock.advance(4_000);
    expect(types(opened)).toEqual(["send_message"]);
  });

  it("says nothing while there is no connection, and starts afresh with the next one", async () => {
    const opened = await openScene();
    opened.room.typing();
    opened.network.socket.close(1006);
    opened.room.typing();
    await opened.clock.advance(1_000);
    await opened.greet({ recovered: true });
    expect(types(opened)).toEqual([]);
    opened.room.typing();
    expect(types(opened)).toEqual(["typing_start"]);
  });

  it("ends the typing of others after 6 s without a repeat", async () => {
    const { clock, network, log } = await openScene();
    const typing = { userId: "bob", name: "Bob", typing: true };
    network.socket.say(frame("user_typing", typing));
    await clock.advance(5_000);
    network.socket.say(frame("user_typing", typing));
    await clock.advance(5_999);
    expect(log.slice(1).map(({ payload }) => payload)).toEqual([typing, typing]);
    await clock.advance(1);
    expect(log.at(-1)).toEqual({ type: "user_typing", payload: { ...typing, typing: false } });
  });

  it("does not end typing twice: not after its end, nor after its typist has left", async () => {
    const { clock, network, log } = await openScene();
    for (const userId of ["bob", "cat"]) {
      network.socket.say(frame("user_typing", { userId, name: userId, typing: true }));
    }
    network.socket.say(frame("user_typing", { userId: "bob", name: "bob", typing: false }));
    network.socket.say(frame("user_left", { userId: "cat", name: "cat" }));
    const before = log.length;
    await clock.advance(20_000);
    expect(log).toHaveLength(before);
  });
});

describe("receipts", () => {
  const sent = ({ network }: Scene) =>
    network.socket.of("read_messages").map(({ payload }) => payload?.upTo);

  it("go out at once, then at most once a second with the newest", async () => {
    const opened = await openScene();
    for (let upTo = 1; upTo <= 25; upTo += 1) {
      opened.room.read(upTo);
      await opened.clock.advance(100);
    }
    expect(sent(opened)).toEqual([1, 10, 20]);
    await opened.clock.advance(1_000);
    expect(sent(opened)).toEqual([1, 10, 20, 25]);
  });

  it("only move up", async () => {
    const opened = await openScene();
    opened.room.read(5);
    await opened.clock.advance(5_000);
    opened.room.read(3);
    opened.room.read(5);
    await opened.clock.advance(5_000);
    expect(sent(opened)).toEqual([5]);
  });

  it("do not repeat what the room knows already", async () => {
    const opened = await openScene();
    opened.network.socket.close(1006);
    opened.room.read(4);
    await opened.clock.advance(1_000);
    await opened.greet({ recovered: true, reads: { ann: 4 } });
    opened.room.read(4);
    expect(sent(opened)).toEqual([]);
  });

  it("go out with the next connection when they never did, or may have been lost", async () => {
    const opened = await openScene();
    opened.room.read(2);
    opened.network.socket.close(1006);
    opened.room.read(3);
    await opened.clock.advance(1_000);
    await opened.greet({ recovered: true, reads: { bob: 9 } });
    expect(sent(opened)).toEqual([3]);
  });

  it("are not repeated once the room has told them to everyone", async () => {
    const opened = await openScene();
    opened.room.read(2);
    opened.network.socket.say(frame("messages_read", { userId: "ann", upTo: 2 }));
    opened.network.socket.close(1006);
    await opened.clock.advance(1_000);
    await opened.greet({ recovered: true });
    expect(sent(opened)).toEqual([]);
  });

  it("are forgotten when the log begins anew", async () => {
    const opened = await openScene();
    opened.room.read(200);
    opened.network.socket.close(1006);
    await opened.clock.advance(1_000);
    await opened.greet({ epoch: "e2" });
    opened.room.read(1);
    expect(sent(opened)).toEqual([1]);
  });

  it.each([-1, 1.5, Number.NaN])("refuse %d", async (upTo) => {
    const { room } = await openScene();
    expect(() => room.read(upTo)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });
});

describe("publishing", () => {
  it("hands an event to an open connection, and says so", async () => {
    const { network, room } = await openScene();
    expect(room.publish("cursor", { x: 1 })).toBe(true);
    expect(network.socket.frames).toEqual([
      { type: "publish", payload: { event: "cursor", data: { x: 1 } } },
    ]);
  });

  it("drops it without a connection, and says so", async () => {
    const { clock, network, room, greet } = await openScene();
    network.socket.close(1006);
    expect(room.publish("cursor", 1)).toBe(false);
    await clock.advance(1_000);
    await greet({ recovered: true });
    expect(network.socket.frames).toEqual([]);
  });

  it("stays within the server's quota, which would close the connection in the end", async () => {
    const { clock, room } = await openScene();
    let published = 0;
    for (let frameAt60Hz = 0; frameAt60Hz < 600; frameAt60Hz += 1) {
      if (room.publish("cursor", frameAt60Hz)) published += 1;
      await clock.advance(1_000 / 60);
    }
    expect(published).toBeGreaterThan(220);
    expect(published).toBeLessThan(50 + 10 * 20);
  });

  it("throws for what is not JSON, and for what is too large", async () => {
    const { room } = await openScene();
    // The types refuse it, and what comes from JavaScript may be one all the same.
    const notJson = new Map() as unknown as string;
    expect(() => room.publish("x", notJson)).toThrow(
      expect.objectContaining({ code: "invalid_frame" }),
    );
    expect(() => room.publish("x", "y".repeat(70_000))).toThrow(
      expect.objectContaining({ code: "too_large" }),
    );
  });
});
