import { describe, expect, it } from "vitest";
import { RealtimeClient } from "../../../src/client/client.ts";
import { refusal } from "../../../src/protocol/error.ts";
import { FakeNetwork, type FakeSocket } from "./support/fake-network.ts";
import { ManualClock, settle } from "./support/manual-clock.ts";
import { frame, joined, openScene } from "./support/scene.ts";

const MINUTE_MS = 60_000;
const PLACES = 10;
const DISPLACED = frame("error", refusal("too_many_connections", "Another place is in use."));
const PONG = '{"type":"pong"}';

/** A room with so many places for one user; whoever came first gives way to one more. */
class FullRoom {
  readonly #clock: ManualClock;
  #sockets: FakeSocket[] = [];
  closes = 0;

  constructor(clock: ManualClock) {
    this.#clock = clock;
    this.#beat();
  }

  accept(socket: FakeSocket): void {
    this.#clock.after(10, () => this.#enter(socket));
    socket.onClosed = () => {
      this.#sockets = this.#sockets.filter((other) => other !== socket);
    };
  }

  get places(): number {
    return this.#sockets.length;
  }

  #enter(socket: FakeSocket): void {
    if (this.#sockets.length >= PLACES) this.#displace();
    this.#sockets.push(socket);
    socket.say(joined());
  }

  #displace(): void {
    const socket = this.#sockets.shift();
    socket?.say(DISPLACED);
    socket?.close(4408);
    this.closes += 1;
  }

  #beat(): void {
    for (const socket of this.#sockets) socket.raw(PONG);
    this.#clock.after(10_000, () => this.#beat());
  }
}

describe("a place that another one of the same user took", () => {
  it("lets eleven tabs settle: few are closed in any minute, and fewer as time goes on", async () => {
    const clock = new ManualClock();
    const room = new FullRoom(clock);
    for (let tab = 0; tab <= PLACES; tab++) {
      const network = new FakeNetwork(clock);
      network.random = () => 0.5;
      network.onOpen = (socket) => room.accept(socket);
      const { environment } = network;
      const options = { url: "https://edge.example", token: "t", environment } as const;
      new RealtimeClient({ ...options, transport: "websocket" }).room("general");
    }
    const closes: number[] = [];
    for (let minute = 0; minute < 45; minute++) {
      const before = room.closes;
      await clock.advance(MINUTE_MS);
      closes.push(room.closes - before);
    }
    expect(Math.max(...closes)).toBeLessThanOrEqual(3);
    const late = closes.slice(-15).reduce((sum, count) => sum + count);
    expect(late).toBeLessThanOrEqual(8);
    expect(room.places).toBe(PLACES);
  }, 60_000);

  it("says why, and is taken back after half a minute, then a minute, up to ten", async () => {
    const opened = await openScene();
    const waits: (number | undefined)[] = [];
    for (let time = 0; time < 7; time++) {
      opened.network.random = () => 0;
      opened.network.socket.say(DISPLACED);
      opened.network.socket.close(4408);
      const last = opened.statuses.at(-1);
      expect(last).toMatchObject({ status: "reconnecting", attempt: 1 });
      expect(last?.reason?.code).toBe("too_many_connections");
      waits.push(last?.retryInMs);
      const sockets = opened.network.sockets.length;
      await opened.clock.advance((last?.retryInMs ?? 0) - 1);
      expect(opened.network.sockets).toHaveLength(sockets);
      await opened.clock.advance(1);
      await opened.greet({ recovered: true });
      expect(opened.room.status).toBe("open");
    }
    expect(waits.map((ms) => (ms ?? 0) / 1_000)).toEqual([30, 60, 120, 240, 480, 600, 600]);
  });

  it.each(["visible", "focused", "online"] as const)(
    "is taken back at once when the page is %s, and waits as at first after that",
    async (cause) => {
      const opened = await openScene();
      opened.network.random = () => 0;
      for (let time = 0; time < 3; time++) {
        opened.network.socket.say(DISPLACED);
        opened.network.socket.close(4408);
        expect(opened.statuses.at(-1)?.retryInMs).toBe(30_000);
        const sockets = opened.network.sockets.length;
        opened.network.wake(cause);
        await settle();
        expect(opened.network.sockets).toHaveLength(sockets + 1);
        await opened.greet({ recovered: true });
      }
    },
  );

  it("is not what a lost heartbeat is, nor a refusal at the door", async () => {
    const opened = await openScene();
    opened.network.random = () => 0;
    opened.network.socket.close(4408);
    expect(opened.statuses.at(-1)?.retryInMs).toBe(500);
    await opened.clock.advance(500);
    opened.network.socket.say(DISPLACED);
    opened.network.socket.close(4429);
    expect(opened.statuses.at(-1)?.retryInMs).toBe(1_000);
  });

  it("asks nothing of an open connection when the page gets the focus", async () => {
    const opened = await openScene();
    const { hasPinged, sent } = opened.network.socket;
    opened.network.wake("focused");
    expect(opened.network.socket.hasPinged).toBe(hasPinged);
    expect(opened.network.socket.sent).toBe(sent);
  });
});

it("takes an ack that names no seq for what was done and stores nothing", async () => {
  const opened = await openScene();
  opened.network.socket.say(frame("ack", { success: true }, { messageId: "a" }));
  expect(opened.log.filter(({ type }) => type === "error")).toEqual([]);
  expect(opened.room.status).toBe("open");
});
