import { describe, expect, it } from "vitest";
import { added, liveScene } from "./support/live-scene.ts";
import { settle } from "./support/manual-clock.ts";
import { frame } from "./support/scene.ts";

describe("people in a room of a team's own kind, and what is not stored", () => {
  it("says what this user shows of itself on each connection", async () => {
    const { clock, greet, network, room } = await liveScene();
    room.present({ color: "red" });
    await greet(0);
    const shown = () => network.socket.of("presence").map(({ payload }) => payload?.data);
    expect(shown()).toEqual([{ color: "red" }]);
    room.present(null);
    expect(shown()).toEqual([{ color: "red" }, null]);
    network.socket.close(1006);
    await clock.advance(5_000);
    await greet(0);
    expect(shown()).toEqual([null]);
  });

  it("says how far its user has read, upwards alone, and counts what came since from others", async () => {
    const { clock, greet, network, room } = await liveScene();
    await greet(0, { seq: 3, reads: { ann: 1, bob: 3 } });
    expect([room.reads, room.unread]).toEqual([{ ann: 1, bob: 3 }, 2]);
    let calls = 0;
    room.subscribe(() => {
      calls += 1;
    });
    network.socket.say(added(4, 1, "bob"), added(5, 1, "ann"));
    expect(room.unread).toBe(3);
    room.read(4);
    room.read(2);
    const receipts = () => network.socket.of("read_messages").map(({ payload }) => payload);
    expect(receipts()).toEqual([{ upTo: 4 }]);
    network.socket.say(frame("messages_read", { userId: "ann", upTo: 4 }));
    expect([room.reads, room.unread, calls]).toEqual([{ ann: 4, bob: 3 }, 0, 3]);
    expect(() => room.read(-1)).toThrow("whole number");
    room.read(5);
    network.socket.close(1006);
    await clock.advance(5_000);
    await greet(0, { seq: 5, recovered: true, reads: { ann: 4 } });
    expect(receipts()).toEqual([{ upTo: 5 }]);
    network.socket.close(1006);
    await clock.advance(5_000);
    await greet(0, { seq: 2, epoch: "e2" });
    expect([receipts(), room.unread]).toEqual([[], 2]);
  });

  it("is entered all the same when it was to show what cannot be sent", async () => {
    const { greet, network, room } = await liveScene();
    expect(() => room.present({ color: Symbol() as unknown as string })).toThrow("JSON");
    room.present({ color: "red".repeat(50_000) });
    await greet(4);
    expect([room.status, room.state?.sum]).toEqual(["open", 4]);
    expect(network.reported).toMatchObject([{ code: "too_large" }]);
    expect(() => room.present({ color: "red".repeat(50_000) })).toThrow("bytes");
    expect(network.socket.of("presence")).toEqual([]);
  });

  it("knows what each person shows, by the greeting and since", async () => {
    const { clock, greet, network, room } = await liveScene();
    const bob = { userId: "bob", name: "Bob" };
    const updated = (data: unknown) => frame("user_updated", { ...bob, data });
    await greet(0, { users: [{ ...bob, data: { color: "red" } }] });
    expect(room.users).toEqual([{ ...bob, data: { color: "red" } }]);
    network.socket.say(updated({ color: "blue" }));
    const blue = room.users;
    expect(blue).toEqual([{ ...bob, data: { color: "blue" } }]);
    network.socket.say(added(1, 1));
    expect(room.users).toBe(blue);
    network.socket.say(updated(null));
    expect(room.users).toEqual([bob]);
    network.socket.say(
      updated({ color: "blue" }),
      frame("user_left", bob),
      frame("user_joined", bob),
    );
    expect(room.users).toEqual([bob]);
    network.socket.say(updated({ color: "blue" }));
    network.socket.close(1006);
    await clock.advance(5_000);
    await greet(0, { users: [bob] });
    expect(room.users).toEqual([bob]);
  });

  it("tells what it refused that nobody waits for, and calls no subscriber for that", async () => {
    const { greet, network, room } = await liveScene();
    const heard: unknown[] = [];
    room.on("error", ({ code, message, retryable, data }) => {
      heard.push([code, message, retryable, data]);
    });
    await greet(0);
    let calls = 0;
    room.subscribe(() => {
      calls += 1;
    });
    room.signal("hover", { at: 1 });
    const error = { code: "too_much", message: "no", retryable: true, data: { most: 3 } };
    network.socket.say(frame("error", error));
    expect(heard).toEqual([["too_much", "no", true, { most: 3 }]]);
    expect(calls).toBe(0);
  });

  it("calls no subscriber for signals and answers, which change nothing that it shows", async () => {
    const { greet, network, room } = await liveScene();
    await greet(0);
    let calls = 0;
    room.subscribe(() => {
      calls += 1;
    });
    const asked = room.query("sum", { above: 1 });
    await settle();
    const output = frame("answer", { success: true, output: 7 }, { messageId: "id-1" });
    for (let at = 0; at < 10; at += 1)
      network.socket.say(frame("hover", { at }, { userId: "bob" }));
    network.socket.say(output);
    expect([await asked, calls]).toEqual([7, 0]);
    network.socket.say(added(1, 1));
    expect(calls).toBe(1);
  });

  it("tells signals to their listeners, but for its own", async () => {
    const { greet, network, room } = await liveScene();
    const heard: unknown[] = [];
    room.on("hover", ({ data, actorId }) => heard.push([data.at, actorId]));
    expect(room.signal("hover", { at: 1 })).toBe(false);
    await greet(0, { origin: "o1" });
    expect(room.signal("hover", { at: 2 })).toBe(true);
    expect(network.socket.of("hover").map(({ payload }) => payload)).toEqual([{ at: 2 }]);
    const hover = (at: number, origin: string) => frame("hover", { at }, { userId: "ann", origin });
    network.socket.say(hover(2, "o1"), hover(3, "o2"));
    expect(heard).toEqual([[3, "ann"]]);
  });
});
