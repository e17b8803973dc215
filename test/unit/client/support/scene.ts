import { type ClientOptions, RealtimeClient } from "../../../../src/client/client.ts";
// Fetched when it is needed, which takes real time the first time.
import "../../../../src/client/attention.ts";
import "../../../../src/client/msgpack-codec.ts";
import "../../../../src/client/other-kinds.ts";
import "../../../../src/client/page.ts";
import type { Room } from "../../../../src/client/room.ts";
import type { RoomEvents, StatusChange } from "../../../../src/client/room-event.ts";
import "../../../../src/client/token-renewal.ts";
import type { ServerPayloads } from "../../../../src/protocol/server-frame.ts";
import { FakeNetwork } from "./fake-network.ts";
import { ManualClock, settle } from "./manual-clock.ts";

const TIMESTAMP = "2026-01-01T00:00:00.000Z";

/** One client in one room, with everything around it in the test's hands. */
export interface Scene {
  readonly clock: ManualClock;
  readonly network: FakeNetwork;
  readonly client: RealtimeClient;
  readonly room: Room;
  /** Every event the application was told, in order. */
  readonly log: readonly LoggedEvent[];
  readonly statuses: readonly StatusChange[];
  /** Greets the socket opened last. */
  greet(overrides?: Partial<ServerPayloads["joined_room"]>): Promise<void>;
}

/** An event and its payload. */
export interface LoggedEvent {
  readonly type: keyof RoomEvents;
  readonly payload: unknown;
}

const LOGGED = [
  "joined_room",
  "new_message",
  "message_edited",
  "message_deleted",
  "message_reacted",
  "user_joined",
  "user_left",
  "user_updated",
  "user_typing",
  "messages_read",
  "event",
  "error",
  "token_refreshed",
  "reset",
] as const;

/** Opens a room that is not greeted yet. */
export async function scene(options: Partial<ClientOptions> = {}): Promise<Scene> {
  const clock = new ManualClock();
  const network = new FakeNetwork(clock);
  const client = new RealtimeClient({
    url: "https://edge.example",
    token: "token-1",
    transport: "websocket",
    ...options,
    environment: { ...network.environment, ...options.environment },
  });
  const room = client.room("general");
  const log: LoggedEvent[] = [];
  const statuses: StatusChange[] = [];
  for (const type of LOGGED) {
    room.on(type, (...[payload]: readonly unknown[]) => {
      log.push({ type, payload });
    });
  }
  room.on("status", (change) => statuses.push(change));
  await settle();
  return {
    clock,
    network,
    client,
    room,
    log,
    statuses,
    greet: async (overrides) => {
      network.socket.say(joined(overrides));
      await settle();
    },
  };
}

/** Opens a room and greets it. */
export async function openScene(options: Partial<ClientOptions> = {}): Promise<Scene> {
  const opened = await scene(options);
  await opened.greet();
  return opened;
}

/** A `joined_room` frame. */
export function joined(overrides: Partial<ServerPayloads["joined_room"]> = {}) {
  const payload: ServerPayloads["joined_room"] = {
    roomId: "general",
    userId: "ann",
    epoch: "e1",
    seq: 0,
    users: [{ userId: "ann", name: "Ann" }],
    reads: {},
    history: [],
    recovered: false,
    heartbeatMs: 30_000,
    limits: { frameBytes: 65_536, contentChars: 4_000, framesPerSecond: 20 },
    ...overrides,
  };
  return { type: "joined_room", timestamp: TIMESTAMP, payload };
}

/** A message as it is shown. */
export function message(seq: number, userId = "bob", messageId = `m-${seq}`) {
  return { seq, messageId, userId, userName: userId, content: `text ${seq}`, timestamp: TIMESTAMP };
}

/** A `new_message` frame. */
export function newMessage(seq: number, userId?: string, messageId?: string) {
  return frame("new_message", message(seq, userId, messageId), { seq });
}

/** Any frame. */
export function frame(type: string, payload?: object, envelope: object = {}) {
  return { type, timestamp: TIMESTAMP, ...(payload === undefined ? {} : { payload }), ...envelope };
}

/** The acknowledgement that something was stored. */
export function ack(messageId: string | undefined, savedId: number, extra: object = {}) {
  return frame("ack", { success: true, savedId, ...extra }, { messageId });
}

/** The acknowledgement that something was refused. */
export function nack(messageId: string | undefined, code: string, extra: object = {}) {
  const error = { code, message: `no: ${code}`, retryable: false, ...extra };
  return frame("ack", { success: false, error }, { messageId });
}

/** A JWT that ends at this time, milliseconds since the epoch; not signed by anyone. */
export function jwt(expiresAt: number, name = "x"): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "HS256" })}.${part({ sub: "ann", name, exp: expiresAt / 1_000 })}.sig`;
}
