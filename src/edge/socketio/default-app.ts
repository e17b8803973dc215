import { toBase64Url } from "../../protocol/base64url.ts";
import type { AppConnection, AppPorts, Member, Resumed } from "../../socketio/app/ports.ts";
import { Readings } from "../../socketio/app/readings.ts";
import { AppSession } from "../../socketio/app/session.ts";
import { MAX_PAYLOAD_BYTES } from "../../socketio/engine/packet.ts";
import type { EngineEar } from "../../socketio/engine/polling-session.ts";
import { tokenCaller, type UserCaller } from "../caller.ts";
import type { RoomsCall } from "../gateways/room-visitor.ts";
import { holdUser } from "../rate.ts";
import { countGateway } from "../refusal-log.ts";
import { type ReadingConnection, SocketioRooms } from "./app-rooms.ts";

const ID_BYTES = 18;
const SID_CHARS = 20;

const readings = new Readings();

/** A connection that knows what its client has read. */
export interface ClientConnection extends AppConnection, ReadingConnection {
  readonly sid: string;
}

/** What is on the other side of a client's connection, wherever that ends. */
export interface ClientApp extends EngineEar {
  /** All that it needs to go on elsewhere; nothing more is said here. */
  handover(): string;
}

/**
 * Puts an app on the other side of a connection.
 *
 * @param address that limits count by.
 * @param from where an earlier one left off.
 */
export type OpenApp = (
  call: RoomsCall,
  address: string,
  connection: ClientConnection,
  from?: Resumed,
) => ClientApp;

/** The app that a deployment's clients of Socket.IO speak to. */
export interface SocketioApp {
  /** The Worker's end of each of its clients. */
  readonly open: OpenApp;
  /** Whether clients that poll are spread over hubs; a server whose sockets are to see each other is in one. */
  readonly isSpread: boolean;
}

/**
 * The default app of Socket.IO for one client, over rooms as every other client of them has them.
 */
export const DEFAULT_APP: SocketioApp = {
  open: (call, address, connection, from) =>
    new AppSession(connection, portsOf(call, address, connection), from),
  isSpread: true,
};

function portsOf(call: RoomsCall, address: string, connection: ClientConnection): AppPorts {
  const { env, settings } = call;
  const callers = new WeakMap<Member, UserCaller>();
  const callerOf = (member: Member): UserCaller => {
    const caller = callers.get(member);
    if (caller === undefined) throw new Error("A member was verified by another connection.");
    return caller;
  };
  return {
    async verify(token) {
      const caller = await tokenCaller(token, address, settings);
      const { userId, expiresAt } = caller.identity;
      await holdUser(userId, env, settings);
      const member = { userId, expiresAt, token };
      callers.set(member, caller);
      return member;
    },
    openRooms: (member, listener) =>
      new SocketioRooms(call, member, callerOf, listener, connection),
    cameBack: (how) => countGateway({ recoveries: { [how]: 1 } }, env, settings),
    async sidOf(pid, userId) {
      const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pid + userId));
      return toBase64Url(new Uint8Array(hash)).slice(0, SID_CHARS);
    },
    newId,
    now: Date.now,
    chance: Math.random,
    after(ms, act) {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    readings,
    limits: { ...settings.limits, packetBytes: MAX_PAYLOAD_BYTES },
  };
}

/** A text that nobody guesses: 24 of `A-Z a-z 0-9 _ -`. */
export function newId(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
}
