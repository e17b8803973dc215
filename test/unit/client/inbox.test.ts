import { describe, expect, it, vi } from "vitest";
import { type ClientOptions, RealtimeClient } from "../../../src/client/client.ts";
// Fetched when it is needed, which takes real time the first time.
import "../../../src/client/other-kinds.ts";
import { FakeNetwork } from "./support/fake-network.ts";
import { ManualClock, settle } from "./support/manual-clock.ts";
import { frame, joined, jwt } from "./support/scene.ts";

const FAR = Date.parse("2030-01-01T00:00:00Z");
const TOKEN = jwt(FAR);

function notification(seq: number, read = false) {
  const timestamp = "2026-01-01T00:00:00.000Z";
  return { seq, id: `n-${seq}`, type: "mention", title: `title ${seq}`, timestamp, read };
}

function notified(seq: number) {
  return frame("notification", notification(seq), { seq });
}

async function inboxScene(options: Partial<ClientOptions> = {}, userId?: string) {
  const clock = new ManualClock();
  const network = new FakeNetwork(clock);
  const { environment } = network;
  const client = new RealtimeClient({
    url: "https://edge.example",
    token: TOKEN,
    environment,
    ...options,
  });
  const inbox = client.inbox(userId);
  const log: (readonly [string, unknown])[] = [];
  for (const type of ["notification", "notifications_read", "unread", "reset"] as const) {
    inbox.on(type, (...[payload]: readonly unknown[]) => {
      log.push([type, payload]);
    });
  }
  await settle();
  const greet = async (overrides: object = {}) => {
    network.socket.say(joined({ roomId: "user:ann", unread: 0, ...overrides } as object));
    await settle();
  };
  return { clock, network, client, inbox, log, greet };
}

function seqs(list: readonly { seq: number }[]) {
  return list.map(({ seq }) => seq);
}

describe("its code, which is fetched first", () => {
  it("is not waited for by the application: what it says before is told later", async () => {
    const network = new FakeNetwork(new ManualClock());
    const { environment } = network;
    const client = new RealtimeClient({ url: "https://edge.example", token: TOKEN, environment });
    const inbox = client.inbox();
    const greeted = vi.fn();
    inbox.on("joined_room", greeted);
    inbox.read(2);
    inbox.read([4]);
    expect([inbox.status, inbox.unread, inbox.notifications, inbox.joined]).toEqual([
      "connecting",
      0,
      [],
      undefined,
    ]);
    await settle();
    network.socket.say(joined({ roomId: "user:ann", unread: 3, seq: 5 } as object));
    await settle();
    expect([greeted.mock.calls.length, inbox.status, inbox.unread]).toEqual([1, "open", 3]);
    expect(network.socket.frames.map(({ payload }) => payload)).toEqual([
      { upTo: 2 },
      { ids: [4] },
    ]);
  });
});

describe("whose inbox it is", () => {
  it("is the token's own user's when nobody is named", async () => {
    const { network } = await inboxScene();
    expect(network.socket.url.pathname).toBe("/v1/rooms/user%3Aann/ws");
  });

  it("is read from the token that a function gives, once there is one", async () => {
    const { network } = await inboxScene({ token: async () => TOKEN });
    expect(network.socket.url.pathname).toBe("/v1/rooms/user%3Aann/ws");
  });

  it("is the user's that is named, whoever reads it", async () => {
    const { network } = await inboxScene({ token: "opaque" }, "auth0|5f7c");
    expect(network.socket.url.pathname).toBe("/v1/rooms/user%3Aauth0%7C5f7c/ws");
  });

  it("is refused when neither says it", async () => {
    await expect(inboxScene({ token: "opaque" })).rejects.toMatchObject({
      code: "invalid_request",
    });
    const { inbox } = await inboxScene({ token: () => "opaque" });
    expect(inbox.status).toBe("closed");
    await expect(inbox.history()).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("is one connection for all of its handles, and a new one when the last is left", async () => {
    const { client, inbox, network } = await inboxScene();
    const other = client.inbox();
    await inbox.leave();
    await settle();
    expect([inbox.status, other.status, network.sockets.length]).toEqual([
      "closed",
      "connecting",
      1,
    ]);
    void other.leave();
    await settle();
    client.inbox();
    await settle();
    expect(network.sockets).toHaveLength(2);
  });
});

describe("notifications", () => {
  it("starts with those that came on joining and their unread count", async () => {
    const { inbox, greet } = await inboxScene();
    await greet({ history: [notification(3), notification(4)], unread: 7, seq: 4 });
    expect(seqs(inbox.notifications)).toEqual([3, 4]);
    expect(inbox.unread).toBe(7);
    expect(inbox.status).toBe("open");
  });

  it("adds each new one once, and counts it", async () => {
    const { inbox, log, network, greet } = await inboxScene();
    await greet({ seq: 4, unread: 1 });
    network.socket.say(notified(5), notified(5), notified(6));
    expect(seqs(inbox.notifications)).toEqual([5, 6]);
    expect(inbox.unread).toBe(3);
    expect(log.filter(([type]) => type === "notification")).toHaveLength(2);
  });

  it("does not count those twice that were missed, and are in the count already", async () => {
    const { clock, inbox, network, greet } = await inboxScene();
    await greet({ seq: 4, unread: 1 });
    network.socket.close(1006);
    await clock.advance(1_000);
    expect(network.socket.url.searchParams.get("since")).toBe("4");
    await greet({ seq: 6, unread: 3, recovered: true });
    network.socket.say(notified(5), notified(6), notified(7));
    expect(seqs(inbox.notifications)).toEqual([5, 6, 7]);
    expect(inbox.unread).toBe(4);
  });

  it("shows as read, on resuming, what another device read meanwhile", async () => {
    const { clock, inbox, network, greet } = await inboxScene();
    await greet({ seq: 4, unread: 2, history: [notification(3), notification(4)] });
    network.socket.close(1006);
    await clock.advance(1_000);
    const page = { notifications: [notification(3, true), notification(4), notification(5, true)] };
    network.respond = () => ({
      status: 200,
      json: async () => ({ ...page, unread: 1, hasMore: false, epoch: "e1", seq: 5 }),
    });
    await greet({ seq: 5, unread: 1, recovered: true });
    network.socket.say(notified(5));
    await settle();
    expect(inbox.notifications.map(({ read }) => read)).toEqual([true, false, true]);
    expect(inbox.unread).toBe(1);
  });

  it("takes nothing for read by a page of the inbox's life before", async () => {
    const { clock, inbox, network, greet } = await inboxScene();
    await greet({ seq: 1, unread: 1, history: [notification(1)] });
    network.socket.close(1006);
    await clock.advance(1_000);
    const page = { notifications: [notification(1, true)], unread: 0, hasMore: false, seq: 1 };
    let answer: (epoch: string) => void = () => {};
    network.respond = () =>
      new Promise((resolve) => {
        answer = (epoch) => resolve({ status: 200, json: async () => ({ ...page, epoch }) });
      });
    await greet({ seq: 1, unread: 1, recovered: true });
    await settle();
    network.socket.close(1006);
    await clock.advance(2_000);
    await greet({ epoch: "e2", seq: 1, unread: 1, history: [notification(1)] });
    answer("e1");
    await settle();
    expect(inbox.notifications.map(({ read }) => read)).toEqual([false]);
  });

  it("replaces what it knew when the thread was lost", async () => {
    const { clock, inbox, log, network, greet } = await inboxScene();
    await greet({ seq: 4, unread: 2, history: [notification(3), notification(4)] });
    network.socket.close(1006);
    await clock.advance(1_000);
    await greet({ epoch: "e2", seq: 1, unread: 1, history: [notification(1)] });
    expect(log.filter(([type]) => type === "reset")).toEqual([["reset", { reason: "epoch" }]]);
    expect(seqs(inbox.notifications)).toEqual([1]);
  });

  it("keeps no more than 500", async () => {
    const { inbox, network, greet } = await inboxScene();
    await greet();
    for (let seq = 1; seq <= 510; seq += 1) network.socket.say(notified(seq));
    expect(inbox.notifications).toHaveLength(500);
    expect(inbox.notifications[0]?.seq).toBe(11);
  });

  it("takes no greeting that lacks the unread count", async () => {
    const { inbox, network } = await inboxScene();
    network.socket.say(joined({ roomId: "user:ann" }));
    expect(inbox.status).toBe("reconnecting");
    expect(inbox.reason?.code).toBe("invalid_frame");
  });
});

describe("reading", () => {
  it("tells the server up to where, or which ones, and believes its answer", async () => {
    const { inbox, log, network, greet } = await inboxScene();
    await greet({ seq: 4, unread: 2, history: [notification(3), notification(4)] });
    inbox.read([3]);
    inbox.read(4);
    expect(network.socket.of("read_notifications").map(({ payload }) => payload)).toEqual([
      { ids: [3] },
      { upTo: 4 },
    ]);
    expect(inbox.unread).toBe(2);
    network.socket.say(frame("notifications_read", { ids: [3], unread: 1 }));
    expect(inbox.unread).toBe(1);
    expect(inbox.notifications.map(({ read }) => read)).toEqual([true, false]);
    network.socket.say(frame("notifications_read", { upTo: 4, unread: 0 }));
    expect(inbox.notifications.map(({ read }) => read)).toEqual([true, true]);
    expect(log.filter(([type]) => type === "unread").map(([, count]) => count)).toEqual([2, 1, 0]);
  });

  it("tells it again after a cut, but for what was confirmed", async () => {
    const { clock, inbox, network, greet } = await inboxScene();
    await greet({ seq: 4, unread: 4 });
    inbox.read([1]);
    inbox.read([2, 3]);
    network.socket.say(frame("notifications_read", { ids: [1], unread: 3 }));
    network.socket.close(1006);
    inbox.read([4]);
    await clock.advance(1_000);
    await greet({ seq: 4, unread: 3, recovered: true });
    expect(network.socket.of("read_notifications").map(({ payload }) => payload)).toEqual([
      { ids: [4, 2, 3] },
    ]);
  });

  it("names at most 200 at once", async () => {
    const { inbox, network, greet } = await inboxScene();
    await greet({ seq: 300, unread: 300 });
    inbox.read(Array.from({ length: 300 }, (_, index) => index + 1));
    const sent = network.socket.of("read_notifications");
    expect(sent).toHaveLength(2);
  });

  it("refuses what is no seq", async () => {
    const { inbox } = await inboxScene();
    expect(() => inbox.read(1.5)).toThrow(expect.objectContaining({ code: "invalid_request" }));
    expect(() => inbox.read([-1])).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  it("fetches pages over HTTP", async () => {
    const { inbox, network } = await inboxScene();
    const page = { notifications: [], unread: 0, hasMore: false, epoch: "e1", seq: 0 };
    network.respond = () => ({ status: 200, json: async () => page });
    expect(await inbox.history({ before: 9, unread: true })).toEqual(page);
    expect(network.requests[0]?.url.href).toBe(
      "https://edge.example/v1/users/ann/notifications?before=9&unread=true",
    );
  });
});
