import { describe, expect, it } from "vitest";
import { settle } from "./support/manual-clock.ts";
import { ack, newMessage, openScene } from "./support/scene.ts";

describe("reconnecting", () => {
  it("waits 1, 2, 4, 8, 16, 30 … seconds, as often as it was told, then closes with the last reason", async () => {
    const { clock, network, room, statuses } = await openScene({ reconnectTries: 10 });
    const rejected = room.send("never arrives").catch((error: unknown) => error);
    network.socket.close(1006);
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      expect(room.status).toBe("reconnecting");
      await clock.advance(statuses.at(-1)?.retryInMs ?? 0);
      expect(network.sockets).toHaveLength(1 + attempt);
      network.socket.close(4503);
    }
    const waits = statuses.flatMap(({ retryInMs }) => (retryInMs === undefined ? [] : [retryInMs]));
    expect(waits).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000,
    ]);
    expect(statuses.at(-1)).toMatchObject({ status: "closed", reason: { code: "not_configured" } });
    expect(await rejected).toMatchObject({
      name: "RealtimeError",
      code: "disconnected",
      outcome: "unknown",
      cause: { code: "not_configured" },
    });
    expect(room.pending).toEqual([]);
    expect(clock.pending).toBe(0);
    expect(network.listeners).toBe(0);
  });

  it("never gives up by itself: an hour without the server, and what was written arrives", async () => {
    const { clock, network, room, greet } = await openScene();
    const sent = room.send("written before");
    network.socket.close(1006);
    network.onOpen = (socket) => queueMicrotask(() => socket.close(1006));
    await clock.advance(3_600_000);
    const late = room.send("written during");
    expect(room.status).toBe("reconnecting");
    expect(room.reason?.code).toBe("disconnected");
    network.onOpen = undefined;
    const tried = network.sockets.length;
    while (network.sockets.length === tried) await clock.advance(1_000);
    await greet({ recovered: true });
    network.socket.say(ack("id-1", 1), ack("id-2", 2));
    expect([(await sent).savedId, (await late).savedId]).toEqual([1, 2]);
    expect(room.reason).toBeUndefined();
  });

  it("uses up no try, and waits no longer, for a page that is looked at often", async () => {
    const { clock, network, room, statuses } = await openScene({ reconnectTries: 3 });
    network.onOpen = (socket) => queueMicrotask(() => socket.close(1006));
    network.socket.close(1006);
    for (let look = 0; look < 11; look += 1) {
      await clock.advance(400);
      network.wake("visible");
      await settle();
    }
    expect(room.status).toBe("reconnecting");
    expect(statuses.at(-1)).toMatchObject({ attempt: 1, retryInMs: 1_000 });
  });

  it("tells each try twice: while it waits, and when it is under way", async () => {
    const { clock, network, statuses } = await openScene();
    network.socket.close(1006);
    await clock.advance(1_000);
    expect(statuses.slice(1)).toEqual([
      {
        status: "reconnecting",
        attempt: 1,
        retryInMs: 1_000,
        reason: expect.objectContaining({ code: "disconnected" }),
      },
      { status: "reconnecting", attempt: 1, reason: statuses[1]?.reason },
    ]);
  });

  it("counts from one again after a connection that lasted", async () => {
    const { clock, network, statuses, greet } = await openScene();
    for (let round = 0; round < 3; round += 1) {
      network.socket.close(1006);
      await clock.advance(1_000);
      network.socket.close(1006);
      await clock.advance(2_000);
      await greet({ recovered: true });
      await clock.advance(5_000);
    }
    expect(statuses.map((change) => change.retryInMs).filter(Number)).toEqual([
      1_000, 2_000, 1_000, 2_000, 1_000, 2_000,
    ]);
  });

  it("backs off from a server that greets and closes at once, again and again", async () => {
    const { clock, network, statuses, greet } = await openScene();
    for (let round = 0; round < 6; round += 1) {
      network.socket.close(4408);
      await clock.advance(statuses.at(-1)?.retryInMs ?? 0);
      await greet({ recovered: true });
    }
    expect(statuses.map((change) => change.retryInMs).filter(Number)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000,
    ]);
  });

  it.each([1000, 1009, 1011, 4408, 4429, 4503])("backs off after %i", async (code) => {
    const { network, statuses } = await openScene();
    network.socket.close(code);
    expect(statuses.at(-1)).toMatchObject({ status: "reconnecting", retryInMs: 1_000 });
  });

  it.each([4400, 4403])("never reconnects after %i (P9.2)", async (code) => {
    const { clock, network, room } = await openScene({ token: () => "another" });
    network.socket.close(code);
    expect(room.status).toBe("closed");
    await clock.advance(600_000);
    expect(network.sockets).toHaveLength(1);
  });

  it("comes back within a second, spread at random, after a restart (1012)", async () => {
    const { clock, network, statuses } = await openScene();
    network.random = () => 0.25;
    network.socket.close(1012);
    expect(statuses.at(-1)).toMatchObject({ status: "reconnecting", retryInMs: 250 });
    await clock.advance(250);
    expect(network.sockets).toHaveLength(2);
  });

  it("backs off from a server that is told to restart before it greets anyone", async () => {
    const { clock, network, statuses } = await openScene();
    network.random = () => 0.5;
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      network.socket.close(1012);
      await clock.advance(statuses.at(-1)?.retryInMs ?? 0);
    }
    const waits = statuses.flatMap(({ retryInMs }) => retryInMs ?? []);
    expect(waits).toEqual([500, 1_500, 3_000, 6_000]);
  });

  it("tries at once, and counts anew, when the network comes back", async () => {
    const { clock, network, statuses } = await openScene();
    for (const wait of [1_000, 2_000, 4_000]) {
      network.socket.close(1006);
      await clock.advance(wait);
    }
    network.socket.close(1006);
    network.wake("online");
    await settle();
    expect(network.sockets).toHaveLength(5);
    network.socket.close(1006);
    expect(statuses.at(-1)).toMatchObject({ attempt: 1, retryInMs: 1_000 });
    await clock.advance(1_000);
    network.socket.close(1006);
    expect(statuses.at(-1)).toMatchObject({ attempt: 2, retryInMs: 2_000 });
  });

  it("dials anew when the network comes back while a greeting is awaited", async () => {
    const { network, room, statuses, greet } = await openScene();
    network.socket.close(1006);
    network.wake("visible");
    await settle();
    const stuck = network.socket;
    network.wake("visible");
    expect(network.socket).toBe(stuck);
    network.wake("online");
    await settle();
    expect(stuck.closedWith).toBe(4000);
    expect(network.sockets).toHaveLength(3);
    await greet({ recovered: true });
    expect([room.status, statuses.at(-1)?.status]).toEqual(["open", "open"]);
  });

  it("tries at once when the page becomes visible", async () => {
    const { network } = await openScene();
    network.socket.close(1006);
    network.wake("visible");
    await settle();
    expect(network.sockets).toHaveLength(2);
  });

  it("holds no try against the server while there is no network", async () => {
    const { clock, network, room, statuses, greet } = await openScene();
    network.isOnline = false;
    network.socket.close(1006);
    for (let attempt = 0; attempt < 40; attempt += 1) {
      await clock.advance(statuses.at(-1)?.retryInMs ?? 0);
      network.socket.close(1006);
    }
    expect(room.status).toBe("reconnecting");
    expect(statuses.at(-1)).toMatchObject({ attempt: 1, retryInMs: 30_000 });
    network.isOnline = true;
    network.wake("online");
    await settle();
    await greet({ recovered: true });
    expect(room.status).toBe("open");
  });

  it("ignores whatever a socket still says after it was given up", async () => {
    const { clock, network, log, statuses, greet } = await openScene();
    const old = network.socket;
    await clock.advance(40_000);
    await clock.advance(1_000);
    await greet({ recovered: true });
    const before = [log.length, statuses.length];
    old.say(newMessage(1));
    old.close(4403);
    expect([log.length, statuses.length]).toEqual(before);
  });
});
