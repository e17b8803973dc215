import { type ClientOptions, RealtimeClient } from "../../../../src/client/client.ts";
import "../../../../src/client/msgpack-codec.ts";
import type { Room } from "../../../../src/client/room.ts";
import "../../../../src/client/shared-transport.ts";
import "../../../../src/client/token-renewal.ts";
import { PING, PONG } from "../../../../src/protocol/client-frame.ts";
import { FakeNetwork, type FakeSocket, type SentFrame } from "./fake-network.ts";
import { ManualClock, settle } from "./manual-clock.ts";
import { ack, frame, joined, jwt } from "./scene.ts";

const END = Date.parse("2030-01-01T00:00:00Z");

/** A frame on a connection of many rooms. */
export interface RoomFrame extends SentFrame {
  readonly room?: string;
  readonly payload?: SentFrame["payload"] & { readonly since?: number; readonly back?: boolean };
}

/** What works on the way to the server; `old` is one that has no connections of many rooms. */
export interface Ways {
  shared: "works" | "breaks" | "old" | "silent";
  own: "works" | "breaks";
}

/** A server of both sorts of WebSocket, and a client of it. */
export async function sharedWorld(options: Partial<ClientOptions> = {}, ways: Partial<Ways> = {}) {
  const clock = new ManualClock();
  const network = new FakeNetwork(clock);
  const works: Ways = { shared: "works", own: "works", ...ways };
  /** Pings that came on connections of many rooms. */
  let pings = 0;
  network.onOpen = (socket) => {
    socket.onClosed = () => queueMicrotask(() => socket.close(1000));
    queueMicrotask(() => (isShared(socket) ? serve(socket) : greet(socket)));
  };
  const greet = (socket: FakeSocket) => {
    if (works.own === "breaks") socket.close(1006);
    else socket.say(joined({ roomId: roomOf(socket) }));
  };
  const serve = (socket: FakeSocket) => {
    if (works.shared === "breaks") socket.close(1006);
    if (works.shared === "old") {
      const message = "There is nothing here.";
      socket.say(frame("error", { code: "not_found", message, retryable: false }));
      socket.close(4403);
    }
    if (works.shared === "silent") return;
    socket.onSend = (data) => queueMicrotask(() => answer(socket, data));
    socket.open();
  };
  const answer = (socket: FakeSocket, data: unknown) => {
    if (works.shared !== "works") return;
    if (data === PING) {
      pings += 1;
      socket.raw(PONG);
      return;
    }
    const { type, room = "", messageId, payload }: RoomFrame = JSON.parse(String(data));
    const say = (...frames: readonly object[]) => {
      for (const one of frames) socket.say({ room, ...one });
    };
    if (type === "join") say(joined({ roomId: room, recovered: payload?.since !== undefined }));
    if (type === "leave") say(frame("left", { code: 1000, reason: "left" }));
    if (type === "send_message") say(ack(messageId, 1));
    if (type !== "refresh_token") return;
    const renewed = frame("token_refreshed", { expiresAt: "2030-01-01T00:00:00.000Z" });
    socket.say(renewed);
    for (const one of roomsOn(socket)) socket.say({ room: one, ...renewed });
  };
  const client = new RealtimeClient({
    url: "https://edge.example/base",
    token: jwt(END),
    transport: "websocket",
    ...options,
    environment: { ...network.environment, ...options.environment },
  });
  const enter = async (...ids: readonly string[]): Promise<readonly Room[]> => {
    const rooms = ids.map((id) => client.room(id));
    for (let turns = 0; turns < 6; turns += 1) await settle();
    return rooms;
  };
  return {
    clock,
    network,
    client,
    enter,
    ways: works,
    pings: () => pings,
    /** The connections of many rooms that were opened, and those of one room. */
    shared: () => network.sockets.filter(isShared),
    own: () => network.sockets.filter((socket) => !isShared(socket)),
  };
}

/** What the SDK said on a connection of many rooms, of one type. */
export function saidOn(socket: FakeSocket | undefined, type: string): readonly RoomFrame[] {
  const texts = (socket?.sent ?? []).map(String);
  return texts.map((text): RoomFrame => JSON.parse(text)).filter((said) => said.type === type);
}

/** The rooms that were ever entered on it. */
export function roomsOn(socket: FakeSocket | undefined): readonly string[] {
  return [...new Set(saidOn(socket, "join").map(({ room = "" }) => room))];
}

function isShared(socket: FakeSocket): boolean {
  return socket.url.pathname.endsWith("/v1/ws");
}

function roomOf(socket: FakeSocket): string {
  return decodeURIComponent(socket.url.pathname.split("/").at(-2) ?? "");
}
