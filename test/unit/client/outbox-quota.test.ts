import { describe, expect, it } from "vitest";
import type { FakeSocket } from "./support/fake-network.ts";
import { settle } from "./support/manual-clock.ts";
import { contents, outcome } from "./support/outbox.ts";
import { ack, nack, openScene } from "./support/scene.ts";

describe("the server's quota", () => {
  /** Answers everything that was sent and not answered yet. */
  function ackAll(socket: FakeSocket, from: number): number {
    const sent = socket.of("send_message");
    for (const { messageId } of sent.slice(from)) socket.say(ack(messageId, 1));
    return sent.length;
  }

  it("keeps at most 32 frames under way", async () => {
    const { network, room } = await openScene();
    for (let count = 0; count < 100; count += 1) void outcome(room.send(`${count}`));
    await settle();
    expect(network.socket.frames).toHaveLength(32);
  });

  it("paces 100 sends at once to a burst of 40 and then below 20 a second", async () => {
    const { clock, network, room } = await openScene();
    for (let count = 0; count < 100; count += 1) void outcome(room.send(`${count}`));
    await settle();
    let acked = 0;
    const perSecond: number[] = [];
    for (let tick = 0; tick < 400; tick += 1) {
      acked = ackAll(network.socket, acked);
      await clock.advance(10);
      if (tick % 100 === 99) perSecond.push(network.socket.frames.length);
    }
    expect(perSecond).toEqual([58, 77, 96, 100]);
    expect(contents(network.socket)).toEqual(Array.from({ length: 100 }, (_, n) => `${n}`));
  });

  it("waits as long as the server says after rate_limited, then sends again, in order", async () => {
    const { clock, network, room } = await openScene();
    for (const content of ["a", "b", "c"]) void outcome(room.send(content));
    await settle();
    network.socket.say(nack("id-1", "rate_limited", { retryable: true, retryAfterMs: 700 }));
    void outcome(room.send("d"));
    network.socket.say(nack("id-2", "rate_limited", { retryable: true, retryAfterMs: 400 }));
    await clock.advance(699);
    expect(contents(network.socket)).toEqual(["a", "b", "c"]);
    network.socket.say(nack("id-3", "rate_limited", { retryable: true, retryAfterMs: 1 }));
    await clock.advance(400);
    expect(contents(network.socket).slice(3)).toEqual(["a", "b", "c", "d"]);
  });

  it("sends nothing after a refusal until everything under way is answered", async () => {
    const { clock, network, room } = await openScene();
    for (const content of ["a", "b"]) void outcome(room.send(content));
    await settle();
    network.socket.say(nack("id-1", "rate_limited", { retryable: true, retryAfterMs: 50 }));
    await clock.advance(1_000);
    expect(contents(network.socket)).toEqual(["a", "b"]);
    network.socket.say(ack("id-2", 1));
    expect(contents(network.socket)).toEqual(["a", "b", "a"]);
  });

  it("goes on at the server's pace after a refusal, whatever it had counted itself", async () => {
    const { clock, network, room } = await openScene();
    for (let count = 0; count < 5; count += 1) void outcome(room.send(`${count}`));
    await settle();
    const refused = network.socket.of("send_message");
    for (const { messageId } of refused) {
      network.socket.say(nack(messageId, "rate_limited", { retryable: true, retryAfterMs: 60 }));
    }
    await clock.advance(60);
    expect(contents(network.socket).slice(5)).toEqual(["0"]);
    await clock.advance(60);
    expect(contents(network.socket).slice(5)).toEqual(["0", "1"]);
  });

  it("loses nothing to being rate limited: 99 refusals are not tries", async () => {
    const { clock, network, room } = await openScene();
    const sent = room.send("hello");
    for (let refusal = 0; refusal < 99; refusal += 1) {
      await clock.advance(1_000);
      network.socket.say(nack("id-1", "rate_limited", { retryable: true, retryAfterMs: 900 }));
    }
    await clock.advance(1_000);
    expect(network.socket.of("send_message")).toHaveLength(100);
    network.socket.say(ack("id-1", 1));
    expect((await sent).savedId).toBe(1);
  });

  it("waits for a slow server as long as it says, however often", async () => {
    const { clock, network, room } = await openScene();
    network.socket.onSend = (data) => {
      if (data === '{"type":"ping"}') network.socket.raw('{"type":"pong"}');
    };
    const sent = room.send("hello");
    for (let refusal = 0; refusal < 300; refusal += 1) {
      await clock.advance(1_000);
      network.socket.say(nack("id-1", "rate_limited", { retryable: true, retryAfterMs: 900 }));
    }
    await clock.advance(1_000);
    network.socket.say(ack("id-1", 1));
    expect((await sent).savedId).toBe(1);
  });

  it("backs off on another refusal that may pass, fifty times, then rejects with it", async () => {
    const { clock, network, room } = await openScene();
    network.socket.onSend = (data) => {
      if (data === '{"type":"ping"}') network.socket.raw('{"type":"pong"}');
    };
    const sent = outcome(room.send("hello"));
    const waits = [1_000, 2_000, 4_000, 8_000, 16_000, ...Array<number>(44).fill(30_000)];
    for (const wait of waits) {
      await settle();
      network.socket.say(nack("id-1", "internal", { retryable: true }));
      const before = network.socket.of("send_message").length;
      await clock.advance(wait - 1);
      expect(network.socket.of("send_message")).toHaveLength(before);
      await clock.advance(1);
      expect(network.socket.of("send_message")).toHaveLength(before + 1);
    }
    network.socket.say(nack("id-1", "internal", { retryable: true }));
    expect(await sent).toMatchObject({ code: "internal", retryable: true });
  });
});
